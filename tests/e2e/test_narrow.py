"""Below the text, the workbench is made when somebody comes near it, and not before."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.bench import result
from tests.e2e.conftest import NewPage
from tests.webapp.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

LESSON = "/lessons/04-event-handlers/"
EDITOR = "**/workbench-*.js"


@pytest.fixture
def reading(new_page: NewPage, real_course: Served) -> Page:
    """A long lesson, opened in a narrow window and read from its beginning."""
    page = new_page(viewport={"width": 412, "height": 800})
    page.goto(real_course.url + LESSON)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".cm-content")).to_have_count(0)
    return page


def test_a_reader_who_scrolls_down_finds_it_there(reading: Page) -> None:
    reading.locator("#bench").scroll_into_view_if_needed()
    expect(reading.locator(".bench .status")).to_have_text("Saved")
    expect(reading.locator(".cm-content")).to_be_visible()
    expect(reading.locator(".cm-line .tok-keyword").first).to_have_text("from")


def test_the_way_there_by_keyboard_makes_it(reading: Page) -> None:
    reading.locator(".skip[href='#bench']").focus()
    reading.keyboard.press("Enter")
    expect(reading.locator(".bench .status")).to_have_text("Saved")


def test_a_check_asked_for_while_reading_is_run_once_it_is_there(reading: Page) -> None:
    reading.keyboard.press("ControlOrMeta+Enter")
    expect(result(reading)).to_contain_text("checks passed")


def test_a_workbench_that_does_not_load_says_so(new_page: NewPage, real_course: Served) -> None:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.route(EDITOR, lambda route: route.abort())
    page.goto(real_course.url + LESSON)
    expect(page.locator("#bench [role=alert]")).to_have_text(
        "The workbench did not load. Is the course still running? Then reload this page."
    )


def test_beside_the_text_it_is_there_at_once(new_page: NewPage, real_course: Served) -> None:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto(real_course.url + LESSON)
    expect(page.locator(".bench .status")).to_have_text("Saved")
