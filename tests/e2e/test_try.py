"""Try: the workbench by itself."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.bench import menu, write, written
from tests.e2e.conftest import NewPage
from tests.e2e.preview import frame, packets, run_and_wait
from tests.e2e.test_access import SMALL_TARGETS, findings
from tests.webapp.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def open_trial(page: Page, url: str, name: str = "") -> None:
    page.goto(f"{url}/try/{name}")
    expect(page.locator(".cm-content")).to_be_visible()
    expect(page.locator(".bench .status")).to_have_text("Saved")


def test_the_first_app_runs_with_its_wire(page: Page, real_course: Served) -> None:
    page.goto(real_course.url)
    page.get_by_role("banner").get_by_role("link", name="Try", exact=True).click()
    expect(page.get_by_role("button", name="Check", exact=True)).to_have_count(0)
    run_and_wait(page)
    frame(page).get_by_role("button", name="Send a message").click()
    expect(frame(page).locator("#answer")).to_have_text("Message received!")
    expect(packets(page, "to the server", "message", '"Hello"')).to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".preview-state")).to_have_text("Your app was stopped.")


def test_a_lessons_app_is_tried_kept_and_put_back(page: Page, real_course: Served) -> None:
    open_trial(page, real_course.url)
    page.locator(".others summary").click()
    page.get_by_role("link", name="Starter of lesson 3").click()
    expect(page.locator(".trial")).to_contain_text("What the lesson begins with of lesson 3")
    expect(page.locator(".bench .status")).to_have_text("Saved")
    began = written(page)
    write(page, "print('mine')\n")
    expect(page.locator(".bench .status")).to_have_text("Saved")
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("print('mine')")
    page.goto(f"{real_course.url}/lessons/3/")
    expect(page.locator(".cm-content")).to_be_visible()
    assert "mine" not in written(page)
    page.go_back()
    expect(page.locator(".cm-content")).to_contain_text("print('mine')")
    menu(page, "Begin again")
    page.locator("dialog").get_by_role("button", name="Begin again").click()
    expect(page.locator(".cm-content")).not_to_contain_text("print('mine')")
    assert written(page) == began
    menu(page, "Versions")
    page.get_by_role("button", name="Bring back").first.click()
    expect(page.locator(".cm-content")).to_contain_text("print('mine')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(new_page: NewPage, real_course: Served, theme: str) -> None:
    page = new_page(color_scheme=theme)
    open_trial(page, real_course.url, "chat/")
    page.locator(".others summary").click()
    assert findings(page, leave_out=".cm-editor") == []
    assert page.evaluate(SMALL_TARGETS) == []
    page.locator(".others summary").click()
    page.set_viewport_size({"width": 320, "height": 640})
    assert findings(page, leave_out=".cm-editor") == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
