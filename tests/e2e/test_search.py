"""Search in a real browser: the shortcut, a pasted traceback, and no script at all."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.bench import open_lesson
from tests.e2e.conftest import NewPage
from tests.e2e.test_access import findings
from tests.webapp.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

TRACEBACK = """Traceback (most recent call last):
  File "app.py", line 19, in <module>
    socketio.run(app)
OSError: [Errno 98] Address already in use"""
PASTE = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const way = {clipboardData: data, bubbles: true, cancelable: true};
    const event = new ClipboardEvent("paste", way);
    document.getElementById("search").dispatchEvent(event);
}"""


def test_a_slash_goes_to_the_field_and_can_be_switched_off(page: Page, real_course: Served) -> None:
    page.goto(real_course.url)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("sticky sessions")
    page.keyboard.press("Enter")
    expect(page.locator(".hits mark").first).to_have_text("sticky")
    page.locator("[data-shortcut] input").uncheck()
    page.goto(real_course.url)
    page.keyboard.press("/")
    expect(page.locator("#search")).not_to_be_focused()


def test_the_key_that_checks_searches_where_a_question_is_typed(
    page: Page, real_course: Served
) -> None:
    open_lesson(page, real_course.url, "5")
    page.locator("#search").fill("sticky sessions")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".hits mark").first).to_have_text("sticky")


def test_a_pasted_traceback_gets_its_cause_and_fix(page: Page, real_course: Served) -> None:
    page.goto(real_course.url)
    page.evaluate(PASTE, TRACEBACK)
    expect(page.locator(".cause h2")).to_have_text("The port is taken")
    expect(page.locator("#question")).to_have_value(TRACEBACK)
    page.evaluate(PASTE, "a line\n" * 400 + TRACEBACK)
    expect(page.locator(".cause h2")).to_have_text("The port is taken")
    page.get_by_role("link", name="The entry in Troubleshooting").click()
    expect(page.locator("#the-port-is-taken")).to_be_in_viewport()


def test_it_works_without_a_script(new_page: NewPage, real_course: Served) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(real_course.url)
    page.locator("#search").fill("handeler")
    page.locator("[data-search] button").click()
    expect(page.get_by_text("This is what was found for")).to_be_visible()
    expect(page.locator("[data-shortcut]")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_was_found(
    new_page: NewPage, real_course: Served, theme: str
) -> None:
    page = new_page(color_scheme=theme, viewport={"width": 320, "height": 640})
    for path in ("/search", "/search?q=Address already in use", "/search?q=zzzz", "/yours/"):
        page.goto(real_course.url + path)
        assert findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
