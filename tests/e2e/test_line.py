"""A slow line, and none: what is shown meanwhile, and what goes on afterwards."""

import re

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.e2e.bench import open_lesson, result, write
from tests.e2e.conftest import NewPage
from tests.e2e.wire import Cut
from tests.webapp.served import Served
from tests.webapp.site import HELLO

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_slow_line_says_what_comes_and_forgets_no_key(
    new_page: NewPage, real_course: Served
) -> None:
    page = new_page()
    held: list[Route] = []
    page.route("**/workbench-*.js", lambda route: held.append(route))
    page.goto(f"{real_course.url}/lessons/4/", wait_until="commit")
    expect(page.locator(".bench .loading")).to_have_text("The workbench is on its way …")
    expect(page.locator(".bench .loading")).to_be_visible()
    page.wait_for_load_state("domcontentloaded")
    page.wait_for_timeout(300)
    page.keyboard.press("ControlOrMeta+Enter")
    for each in held:
        each.continue_()
    expect(result(page)).to_contain_text("checks passed")
    expect(page.locator(".bench .loading")).to_have_count(0)


def test_a_check_asked_for_without_a_line_is_made_when_it_is_back(page: Page, cut: Cut) -> None:
    open_lesson(page, cut.url)
    cut.cut()
    status = page.locator(".bench .status")
    expect(status).to_have_text("No connection; kept in this browser.")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(status).to_have_text("No connection; checked once it is back.")
    write(page, HELLO)
    expect(status).to_have_text("No connection; checked once it is back.")
    cut.mend()
    expect(result(page)).to_have_text("1 of 2 checks passed")


def test_a_check_whose_asking_is_lost_is_made_when_the_line_is_back(
    page: Page, served: Served
) -> None:
    lost: list[str] = []

    def lose_the_first(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def pass_on(said: str | bytes) -> None:
            if isinstance(said, str) and '["check"' in said and not lost:
                lost.append(said)
                line.close()
            else:
                server.send(said)

        line.on_message(pass_on)

    page.route_web_socket(re.compile("/socket.io/"), lose_the_first)
    open_lesson(page, served.url)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".results .headline")).to_have_text("0 of 2 checks passed")
    assert lost


def test_a_preview_that_does_not_load_says_so(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    page.route("**/preview-*.js", lambda route: route.abort())
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".preview [role=alert]")).to_have_text(
        "The preview did not load. Is the course still running? Then reload this page."
    )


def test_a_form_that_does_not_arrive_says_so(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    page.route("**/hints/**", lambda route: route.abort())
    form = page.locator("#hints-1 form")
    form.get_by_role("button").click()
    expect(form.locator(".trouble")).to_have_text(
        "That did not reach the course. Is it still running? Try again."
    )
    expect(page.locator("#announce")).to_have_text(
        "That did not reach the course. Is it still running? Try again."
    )
