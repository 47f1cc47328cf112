"""What a screen reader hears of the workbench, and where the focus is afterwards."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.bench import open_lesson, write
from tests.e2e.preview import CHAT, frame, run_and_wait, state
from tests.e2e.wire import Cut
from tests.webapp.served import Served
from tests.webapp.site import HELLO

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LISTEN = """() => {
    window.heard = [];
    const regions = "[role=status], [role=alert], [role=log], [aria-live]";
    for (const region of document.querySelectorAll(regions)) {
        const hear = () => region.textContent && window.heard.push(region.textContent);
        new MutationObserver(hear).observe(region, {childList: true, characterData: true});
    }
}"""


def heard(page: Page) -> list[str]:
    """All that live regions have said since the last call."""
    said: list[str] = page.evaluate("() => window.heard.splice(0)")
    return said


def test_a_result_is_said_once_and_its_sentences_without_marks(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    page.evaluate(LISTEN)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".results .headline")).to_be_visible()
    assert heard(page) == [
        "Checking.",
        "0 of 2 checks passed. First to look at: The page at / says Hello!. "
        "the page is 'Hi'. The task asks for 'Hello!'.",
    ]


def test_typing_and_saving_say_nothing(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    page.evaluate(LISTEN)
    write(page, HELLO)
    expect(page.locator(".bench .status")).to_have_text("Saving …")
    expect(page.locator(".bench .status")).to_have_text("Saved")
    assert heard(page) == []


def test_a_lost_connection_is_said(page: Page, cut: Cut) -> None:
    open_lesson(page, cut.url)
    page.evaluate(LISTEN)
    cut.cut()
    expect(page.locator(".bench .status")).to_contain_text("No connection")
    assert heard(page) == ["No connection; kept in this browser."]


def test_an_app_that_starts_and_stops_is_said_and_the_focus_goes_on(
    page: Page, served: Served
) -> None:
    open_lesson(page, served.url)
    write(page, CHAT)
    page.evaluate(LISTEN)
    run_and_wait(page)
    assert heard(page) == ["Starting your app …", "Your app is running."]
    stop = page.get_by_role("button", name="Stop", exact=True)
    stop.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()
    assert heard(page) == ["Your app was stopped."]


def test_the_focus_in_a_frame_is_not_lost_with_it(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    ends = CHAT.replace('print("Somebody said:", text)', "import os; os.kill(0, 9)")
    write(page, ends.replace("io()", 'io({transports: ["websocket"], reconnection: false})'))
    run_and_wait(page)
    frame(page).get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(state(page)).to_have_attribute("data-state", "gone", timeout=30_000)
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()


def test_a_settled_conflict_leaves_the_focus_in_the_editor(
    new_context: Callable[..., BrowserContext], served: Served, cut: Cut
) -> None:
    context = new_context()
    here, there = context.new_page(), context.new_page()
    open_lesson(here, cut.url)
    cut.cut()
    expect(here.locator(".bench .status")).to_contain_text("No connection")
    write(here, "here = 1\n")
    open_lesson(there, served.url)
    write(there, "there = 1\n")
    expect(there.locator(".bench .status")).to_have_text("Saved")
    cut.mend()
    expect(here.locator(".conflict")).to_be_visible(timeout=20_000)
    here.get_by_role("button", name="Go on with this one").click()
    expect(here.locator(".cm-content")).to_be_focused()
    expect(there.locator(".cm-content")).to_contain_text("here = 1")


def test_marks_in_the_margin_are_reached_and_said_with_a_key(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, HELLO + "\n\nhelo()\n")
    expect(page.locator(".cm-lint-marker-warning")).to_have_count(1)
    expect(page.locator(".keys")).to_contain_text("F8 goes to the next mark.")
    page.keyboard.press("ControlOrMeta+Home")
    page.evaluate(LISTEN)
    page.keyboard.press("F8")
    expect(page.locator(".cm-activeLine")).to_have_text("helo()")
    expect(page.locator(".cm-diagnosticText")).to_contain_text("helo has no value here.")
    assert heard(page) == [
        "helo has no value here. Is it spelled as where it is made? Is an import missing?"
    ]


def test_the_wire_is_one_stop_and_arrow_keys_go_through_it(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, CHAT)
    run_and_wait(page)
    expect(page.locator(".packets > li").nth(5)).to_be_attached()
    packets = page.get_by_role("list", name="Packets, oldest first")
    packets.focus()
    page.keyboard.press("End")
    expect(page.locator(".packets > li").last.locator("summary")).to_be_focused()
    page.keyboard.press("ArrowUp")
    before = page.locator(".packets > li").nth(-2).locator("summary")
    expect(before).to_be_focused()
    assert before.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator(".packets > li").first.locator(".opened")).to_be_visible()
    packets.focus()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Show only packets with this text")).to_be_focused()
