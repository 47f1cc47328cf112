"""Answers that are overtaken: by news, by another question, by a press of the same button."""

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.bench import SOLVED, check, open_lesson, write
from tests.e2e.preview import run, state
from tests.e2e.wire import answers_late
from tests.webapp.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PRINTS = "print('first words')\nprint('last words')\n"


def test_news_of_an_app_may_overtake_the_answer_that_it_was_started(
    page: Page, served: Served
) -> None:
    """They were dropped, and the page said for ever that the app was being started."""
    page.route_web_socket("**/socket.io/**", answers_late('"reason":"ended"', "43/preview"))
    open_lesson(page, served.url)
    write(page, PRINTS)
    run(page)
    expect(state(page)).to_have_attribute("data-state", "gone", timeout=60_000)
    expect(page.locator(".preview .printed")).to_contain_text("first words\nlast words")


ENDED = '42["run",{"id":"older","number":0,"event":{"kind":"run_ended","state":"cancelled"}}]'


def test_the_end_of_an_older_run_disturbs_no_newer_one(page: Page, served: Served) -> None:
    """The page followed whatever it had not heard of, and showed nothing of its own check."""
    page.route_web_socket("**/socket.io/**", _tells_of_an_older_run)
    open_lesson(page, served.url)
    write(page, SOLVED)
    expect(check(page)).to_have_text("All checks passed. Well done.")


def _tells_of_an_older_run(route: WebSocketRoute) -> None:
    server = route.connect_to_server()

    def pass_on(message: str | bytes) -> None:
        route.send(message)
        if '"run_started"' in str(message):
            route.send(ENDED)

    server.on_message(pass_on)
    route.on_message(server.send)
