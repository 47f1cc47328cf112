"""For everyone: without a script, with the keyboard alone, narrow, zoomed, in both themes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from checker.lesson import load_course
from tests.e2e.bench import check, menu, open_lesson, write
from tests.e2e.conftest import ROOT, NewPage
from tests.webapp.served import Served
from tests.webapp.site import HELLO, built_with
from webapp.bench.puzzles import load_puzzles

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AXE = ROOT / "webapp/frontend/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""What a second theme can do wrong: all else is the same in both."""
COURSE = load_course(ROOT / "lessons")
PATHS = (
    "/",
    *(f"/lessons/{lesson.slug}/" for lesson in COURSE.lessons),
    *(f"/pages/{page.slug}/" for page in COURSE.pages),
    "/challenge/",
    f"/{load_puzzles(COURSE)[0].slug}/",
    "/challenge/outputs/04-event-handlers/text-plus-object/",
    "/project/",
    *(f"/{stage.slug}/" for stage in COURSE.stages),
    "/recall/",
    "/nowhere",
)


SMALL_TARGETS = """() =>
    [...document.querySelectorAll("button, summary, label, nav a, .places a, [role=tab]")]
        .filter(each => each.checkVisibility() && !each.closest(".unseen"))
        .map(each => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24)
        .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""


def findings(
    page: Page, leave_out: str = "no-such-thing", *, colours_only: bool = False
) -> list[str]:
    """What axe-core finds on the page as it is; all of it, or what colours can do wrong."""
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    page.evaluate(built_with(AXE).read_text("utf-8"))
    rules = {"type": "rule", "values": COLOURS} if colours_only else {"type": "tag", "values": TAGS}
    options = {"runOnly": rules}
    context = {"include": [["html"]], "exclude": [[leave_out]]}
    run = "([context, options]) => axe.run(context, options)"
    result: dict[str, Any] = page.evaluate(run, [context, options])
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def settle(page: Page) -> None:
    """Wait until the workbench is there, on a page that has one: below the text, go near it."""
    if page.locator("#bench").count():
        page.locator("#bench").scroll_into_view_if_needed()
        expect(page.locator(".cm-content")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(new_page: NewPage, real_course: Served, theme: str) -> None:
    page = new_page(color_scheme=theme)
    found = {}
    for path in PATHS[:-1]:
        page.goto(real_course.url + path)
        settle(page)
        # Coloured code is measured word by word in tests/webapp/test_contrast.py: axe takes
        # minutes for it, and the small course below has some of each kind.
        found[path] = findings(page, leave_out="pre > code > span", colours_only=theme == "dark")
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state_of_the_workbench(
    new_page: NewPage, served: Served, theme: str
) -> None:
    page = new_page(color_scheme=theme)
    open_lesson(page, served.url)
    page.locator("#q-first input").nth(1).check()
    page.locator("#q-first button").click()
    page.get_by_role("button", name="A hint for this task").first.click()
    write(page, HELLO + "\n\nundefined_name\n")
    check(page)
    assert findings(page) == [], "a failed check"
    write(page, HELLO)
    check(page)
    page.locator(".menu summary").click()
    assert findings(page) == [], "the menu"
    page.keyboard.press("Escape")
    menu(page, "Versions")
    expect(page.locator("dialog")).to_be_visible()
    assert findings(page) == [], "the versions"
    page.get_by_role("button", name="Compare").last.click()
    expect(page.locator(".cm-mergeView")).to_be_visible()
    assert findings(page) == [], "a comparison"


def test_every_page_can_be_read_without_a_script(new_page: NewPage, real_course: Served) -> None:
    page = new_page(java_script_enabled=False)
    for path in PATHS[:-1]:
        page.goto(real_course.url + path)
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("main p").first).to_be_visible()


def test_questions_hints_and_theme_work_without_a_script(new_page: NewPage, served: Served) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{served.url}/lessons/01-greeting/")
    expect(page.locator(".no-script")).to_contain_text("course check 1")
    page.locator("#q-first input").nth(0).check()
    page.locator("#q-first").get_by_role("button", name="Commit").click()
    assert page.url.endswith("#q-first")
    expect(page.locator("#q-first")).to_contain_text("That is so.")
    page.locator("#q-first summary").click()
    expect(page.locator("#q-first dl")).to_contain_text("There is no space.")
    page.get_by_role("button", name="Answer again").click()
    expect(page.locator("#q-first input")).to_have_count(3)
    page.get_by_role("button", name="A hint for this task").first.click()
    expect(page.locator("#hints-1 .hint")).to_have_count(1)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_everything_can_be_done_with_the_keyboard(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the workbench")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#bench")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("tab", name="app.py")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("ControlOrMeta+Home")
    page.keyboard.press("Tab")
    expect(page.locator(".cm-line").first).to_have_text("    from flask import Flask")
    page.keyboard.press("ControlOrMeta+z")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".results .headline")).to_be_visible(timeout=30_000)

    page.locator("#q-first input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q-first input").nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("#q-first [data-focus]")).to_be_focused()


def test_the_menu_and_dialogs_give_the_focus_back(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    summary = page.locator(".menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    for item in ("Versions", "Begin again", "Delete this file", "Compare with the solution"):
        menu(page, item)
        expect(page.locator("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(summary).to_be_focused()
    add = page.get_by_role("button", name="Add a file")
    add.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the file")).to_be_focused()
    page.keyboard.press("Escape")
    expect(add).to_be_focused()


@pytest.mark.parametrize(
    ("width", "height"), [(320, 640), (320, 256)], ids=["phone", "zoomed to 400 %"]
)
def test_nothing_scrolls_sideways(
    new_page: NewPage, real_course: Served, width: int, height: int
) -> None:
    page = new_page(viewport={"width": width, "height": height})
    too_wide = []
    for path in PATHS[:-1]:
        page.goto(real_course.url + path)
        settle(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(path)
    assert too_wide == []


def test_a_check_fits_a_narrow_window(new_page: NewPage, served: Served) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    open_lesson(page, served.url)
    page.locator(".tasks-nav .to-bench a").click()
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_in_viewport()
    check(page)
    expect(page.locator(".checks .body").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    menu(page, "Compare with the solution")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator("dialog .cm-editor")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_targets_are_large_enough(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    check(page)
    small = page.evaluate(SMALL_TARGETS)
    assert small == []


def test_the_theme_follows_the_system_and_can_be_switched(
    new_page: NewPage, served: Served
) -> None:
    page = new_page(color_scheme="dark")
    page.goto(served.url)
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(paper)
    with page.expect_response("**/theme"):
        page.get_by_role("button", name="Light").click()
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")
    light = page.evaluate(paper)
    assert light != dark
    page.reload()
    assert page.evaluate(paper) == light
    with page.expect_response("**/theme"):
        page.get_by_role("button", name="As the system").click()
    page.reload()
    assert page.evaluate(paper) == dark


def test_on_paper_there_is_the_text_alone(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    page.emulate_media(media="print")
    expect(page.locator(".bench")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()


def test_a_program_on_paper_has_no_button(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    run = page.get_by_role("button", name="Run this program").first
    expect(run).to_be_visible()
    page.emulate_media(media="print")
    expect(run).to_be_hidden()


@pytest.mark.parametrize("path", ["/visual/12-lost-line/", "/why/", "/perf/", "/deep/"])
def test_letters_twice_as_large_still_fit(page: Page, real_course: Served, path: str) -> None:
    page.goto(real_course.url + path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_reading_pages_do_not_load_the_editor(page: Page, served: Served) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/pages/overview/"):
        page.goto(served.url + path, wait_until="networkidle")
    scripts = {url.rsplit("/", 1)[1].split("-")[0] for url in asked if url.endswith(".js")}
    assert scripts <= {"page", "chunk"}
    assert not any("socket.io" in url or "lesson-" in url for url in asked)


@pytest.mark.parametrize("width", [320, 1000, 1290])
def test_what_a_link_leads_to_is_not_under_the_header(
    new_page: NewPage, real_course: Served, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 700})
    page.goto(f"{real_course.url}/pages/pitfalls/")
    target = page.locator("main h2[id]").last
    page.evaluate("id => { location.hash = id }", target.get_attribute("id"))
    top = page.locator(".top").bounding_box()
    heading = target.bounding_box()
    assert top is not None
    assert heading is not None
    assert heading["y"] >= max(0, top["y"] + top["height"])
