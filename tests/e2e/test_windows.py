"""The workbench in low and narrow windows, with the reader's own spacing and colours."""

import pytest
from playwright.sync_api import expect

from tests.e2e.bench import check, menu, open_lesson, write
from tests.e2e.conftest import NewPage
from tests.webapp.served import Served
from tests.webapp.site import HELLO

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_low_window_shows_editor_and_buttons_beside_the_text(
    new_page: NewPage, real_course: Served
) -> None:
    page = new_page(viewport={"width": 1280, "height": 500})
    open_lesson(page, real_course.url, "4")
    expect(page.locator(".cm-line").first).to_be_in_viewport()
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".checks .body").first).to_be_in_viewport()
    expect(page.locator("h1")).to_be_in_viewport()


def test_where_the_system_chooses_the_colours_shapes_say_it(
    new_page: NewPage, real_course: Served
) -> None:
    page = new_page(forced_colors="active")
    open_lesson(page, real_course.url)
    write(page, HELLO + "\n\nundefined_name\n")
    check(page)
    outline = "each => getComputedStyle(each).outlineStyle"
    assert page.locator(".modes a[aria-current]").first.evaluate(outline) == "solid"
    assert page.locator(".views [aria-pressed=true]").evaluate(outline) == "solid"
    border = page.locator(".cm-lint-marker-error").evaluate("e => getComputedStyle(e).borderStyle")
    assert border == "solid"


def test_what_needs_a_wide_window_is_not_offered_in_a_narrow_one(
    new_page: NewPage, served: Served
) -> None:
    page = new_page(viewport={"width": 800, "height": 700})
    open_lesson(page, served.url)
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_role("button", name="Two users")).to_be_visible()
    expect(page.get_by_role("button", name="Whole window")).to_be_hidden()


SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }"""


@pytest.mark.parametrize("width", [320, 1280])
def test_wider_spacing_of_text_cuts_nothing_off(
    new_page: NewPage, served: Served, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, bypass_csp=True)
    open_lesson(page, served.url)
    page.add_style_tag(content=SPACED)
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Preview", exact=True).click()
    load = page.get_by_role("button", name="Load", exact=True)
    load.scroll_into_view_if_needed()
    box, bar = load.bounding_box(), page.locator(".address").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["x"] + box["width"] <= bar["x"] + bar["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_in_a_narrow_window_a_comparison_has_one_column_and_a_legend(
    new_page: NewPage, served: Served
) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    open_lesson(page, served.url)
    menu(page, "Compare with the solution")
    page.get_by_role("button", name="Show it").click()
    legend = page.locator("dialog .sides.unified span")
    expect(legend).to_have_text(["My files", "The solution"])
    colour = "span => getComputedStyle(span).backgroundColor"
    removed, added = (legend.nth(number).evaluate(colour) for number in (0, 1))
    inserted = page.locator("dialog .cm-insertedLine, dialog .cm-changedLine").first
    assert inserted.evaluate(colour) == added != removed
