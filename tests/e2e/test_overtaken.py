"""Answers that are overtaken: by news, by another question, by a press of the same button."""

import re

import pytest
from playwright.sync_api import Page, TimeoutError, WebSocketRoute, expect

from tests.e2e.bench import SOLVED, check, menu, open_lesson, write
from tests.e2e.conftest import ROOT, Serve
from tests.e2e.preview import run, state
from tests.e2e.wire import answers_late
from tests.webapp.served import Served, free

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


def test_what_is_typed_while_a_file_gets_its_name_is_saved(page: Page, served: Served) -> None:
    """It was saved under the old name, refused, and gone when the page was loaded again."""
    page.route_web_socket("**/socket.io/**", _renames_late)
    open_lesson(page, served.url)
    menu(page, "Rename this file")
    page.get_by_label("Name of the file").fill("main.py")
    page.keyboard.press("Enter")
    expect(page.locator(".menu summary")).to_be_focused()  # the dialog has given it back
    page.locator(".cm-content").focus()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type("# more")
    expect(page.get_by_role("tab", name="main.py")).to_be_visible()
    menu(page, "Versions")  # all is saved before they are listed
    expect(page.get_by_role("dialog")).to_be_visible()
    page.reload()
    page.locator("#bench").scroll_into_view_if_needed()
    page.get_by_role("tab", name="main.py").click()
    expect(page.locator(".cm-content")).to_contain_text("# more")


def _renames_late(route: WebSocketRoute) -> None:
    """Hold the answer to a rename back until something is saved."""
    server = route.connect_to_server()
    wanted, held = ["none"], list[str | bytes]()

    def send(message: str | bytes) -> None:
        asked = re.match(r'42(\d+)\["(rename|save)"', str(message))
        if asked and asked[2] == "rename":
            wanted[0] = f"43{asked[1]}["
        elif asked and wanted[0] != "none":
            wanted[0] = "none"
            for answer in held:
                route.send(answer)
        server.send(message)

    def pass_on(message: str | bytes) -> None:
        if str(message).startswith(wanted[0]):
            held.append(message)
        else:
            route.send(message)

    route.on_message(send)
    server.on_message(pass_on)


def test_another_choice_takes_the_place_of_the_one_that_runs(page: Page, serve: Serve) -> None:
    """Both began: nothing could end the first any more, and it asked for ever."""
    page.goto(f"{serve('--port', str(free()), lessons=ROOT / 'lessons').url}/why/")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("[data-push=requests]")).to_have_text("1")
    page.locator("[data-preset]").last.click()
    page.get_by_role("button", name="Stop").click()  # while its clock is still compared
    page.get_by_role("button", name="Start").click()
    page.locator("[data-preset]").first.click()
    expect(page.locator("[data-push=requests]")).to_have_text("1")
    expect(page.locator("[data-connections]")).to_have_text("1", timeout=20_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-connections]")).to_have_text("0", timeout=20_000)


def test_a_line_that_breaks_in_the_silence_begins_no_second_one(page: Page, serve: Serve) -> None:
    """The first went on asking when both had ended."""
    page.goto(f"{serve('--port', str(free()), lessons=ROOT / 'lessons').url}/why/")
    page.get_by_role("button", name="Open five lines more").click()
    expect(page.locator("[data-connections]")).to_have_text("5", timeout=20_000)
    hush = page.get_by_role("button", name="Let the network fall silent")
    hush.click()
    said = page.locator("[data-verdict-between]")
    expect(said).to_have_text(re.compile(r"^Silent for \d of 12 seconds\.$"), timeout=10_000)
    page.locator("[data-cut]").click()
    expect(said).to_contain_text("The line noticed after", timeout=30_000)
    expect(hush).to_be_enabled()
    with pytest.raises(TimeoutError), page.expect_request("**/why/value?*", timeout=3_000):
        pass
