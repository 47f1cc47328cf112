"""The long page, whose contents follow the reader; and modes that are for everyone."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPage
from tests.e2e.test_access import findings
from tests.webapp.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PATHS = ("/why/", "/deep/", "/visual/", "/visual/05-first-second/", "/visual/12-lost-line/")


def test_the_contents_follow_the_reader(new_page: NewPage, real_course: Served) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(f"{real_course.url}/deep/")
    for name in ("Four myths", "Step 3: Initialise Flask-SocketIO"):
        page.get_by_role("navigation", name="On this page").get_by_role("link", name=name).click()
        expect(page.locator(".toc [aria-current]")).to_have_text(name)


def test_a_myth_is_answered_in_its_place(new_page: NewPage, real_course: Served) -> None:
    page = new_page()
    page.goto(f"{real_course.url}/deep/")
    myth = page.locator("#q-myth-forever")
    reality = page.locator("#q-myth-forever + details.reality")
    expect(reality).to_have_js_property("open", False)
    myth.locator("button").first.click()
    expect(myth.get_by_text("You chose:")).to_be_visible()
    expect(reality).to_have_js_property("open", True)
    assert page.url.endswith("/deep/")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_modes_are_for_everyone(new_page: NewPage, real_course: Served, theme: str) -> None:
    page = new_page(color_scheme=theme, viewport={"width": 320, "height": 800})
    for path in PATHS:
        page.goto(f"{real_course.url}{path}")
        dark = theme == "dark"
        assert findings(page, leave_out="pre > code > span", colours_only=dark) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
