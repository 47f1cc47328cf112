"""The pages in a real browser: they fit a phone, and the class page sorts, filters and finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from checker.classroom import Column, Tally
from checker.formats import alike, html
from checker.grading import outbox
from tests.checker.formats.test_alike import seen
from tests.checker.samples import HOSTILE, LESSON, VERSIONS, check, hostile, result
from tests.checker.test_likeness import ODD, honest, renamed, search

pytestmark = [pytest.mark.long, pytest.mark.browser]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    columns = [Column(f"{n:02}-lesson", f"{n}. A lesson", 4) for n in (1, 2, 3, 5, 6, 7)]
    paper = html.Paper([*columns, Column(LESSON, "4. Events", 4)], VERSIONS, "bubblewrap")
    results = [
        result(check(), check("failed" if number % 3 else "passed"), learner=f"learner{number:02}")
        for number in range(30)
    ]
    results += [hostile(bad * 3) for bad in HOSTILE]
    results += [result(learner="zed", lesson="", message="`zed.zip` is not a zip.")]
    tally = Tally(paper.columns)
    folder = tmp_path_factory.mktemp("out")
    (folder / "learners").mkdir()
    for one in results:
        tally.add(one)
        page = paper.learner(one.learner, [(one, {})])
        outbox.write(folder / "learners" / outbox.page_name(one.learner), [page])
    index = paper.index(tally.classroom(), outbox.page_name, alike=1)
    outbox.write(folder / "index.html", [index])
    write_alike(folder / "alike", paper)
    return folder


def write_alike(folder: Path, paper: html.Paper) -> None:
    folder.mkdir()
    long = ODD + f"very_long = {'x' * 300!r}\n"
    found = search({**honest(40), "a" * 255: long, "learner04": renamed(long)})
    overview = alike.overview(paper, [seen(found)], outbox.page_name)
    outbox.write(folder / "index.html", [overview])
    pieces = alike.lesson(paper, seen(found), found.beside, outbox.page_name)
    outbox.write(folder / f"{LESSON}.html", pieces)


@pytest.fixture(scope="module")
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def names(page: Page) -> list[str]:
    return page.locator("#class tbody th:visible").all_inner_texts()


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_the_screen(page: Page, out: Path, width: int) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.set_viewport_size({"width": width, "height": 700})
    paths = [out / "index.html", *sorted((out / "learners").iterdir())[::5]]
    for path in [*paths, *(out / "alike").iterdir()]:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert complaints == []


def test_the_class_page_sorts_filters_and_finds(page: Page, out: Path) -> None:
    page.goto((out / "index.html").as_uri())
    assert page.inner_text("#count") == "45 of 45 shown"
    page.get_by_role("button", name="Points").click()
    page.get_by_role("button", name="Points").click()
    assert names(page)[:3] == ["learner00", "learner03", "learner06"]
    assert page.locator("thead th[aria-sort=descending]").inner_text().startswith("Points")
    page.fill("#find", "LEARNER1")
    assert sorted(names(page)) == [f"learner{number}" for number in range(10, 20)]
    page.select_option("#show", "open")
    page.fill("#find", "")
    page.select_option("#stuck-in", LESSON)
    assert page.inner_text("#count") == f"{20 + len(HOSTILE)} of 45 shown"
    page.select_option("#stuck-in", "")
    page.select_option("#show", "problem")
    assert names(page) == ["zed"]


def test_what_was_not_graded_or_handed_in_sorts_below_nothing(page: Page, out: Path) -> None:
    page.goto((out / "index.html").as_uri())
    page.get_by_role("button", name="04-event-handlers").click()
    values = page.eval_on_selector_all(
        "#class tbody tr", "rows => rows.map(row => Number(row.cells[7].dataset.sort))"
    )
    assert values == sorted(values)
    assert values[0] == -1


def test_from_the_class_to_two_programs_and_on_to_a_learner(page: Page, out: Path) -> None:
    page.goto((out / "index.html").as_uri())
    page.click("text=Hand-ins that are alike (1)")
    page.click("tbody a")
    page.click("text=beside >> nth=0")
    assert page.locator(".side:visible").count() == 0
    page.keyboard.press("Enter")
    assert page.locator(".side:visible").count() == 2
    page.click(".side >> nth=1 >> a")
    assert page.inner_text("h1") == "learner04"


def test_a_learners_name_leads_to_their_page(page: Page, out: Path) -> None:
    page.goto((out / "index.html").as_uri())
    page.click("#class a >> nth=7")
    assert page.inner_text("h1") == "learner07"
