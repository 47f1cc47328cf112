"""A broken app is mended in the browser; an output is predicted."""

import re

import pytest
from playwright.sync_api import Page, expect

from checker.lesson import load_course
from tests.e2e.bench import check, menu, write, written
from tests.e2e.conftest import ROOT
from tests.webapp.served import Served
from webapp.bench.puzzles import load_puzzles

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_broken_app_is_read_checked_hinted_and_mended(page: Page, real_course: Served) -> None:
    course = load_course(ROOT / "lessons")
    puzzle = next(each for each in load_puzzles(course) if each.fault == "emit not imported")
    page.goto(f"{real_course.url}/challenge/")
    shelf = page.locator("details.shelf", has_text="Listen and answer")
    shelf.locator("summary").click()
    shelf.locator(f'a[href$="/{puzzle.name}/"]').click()
    expect(page.locator(".bench .status")).to_have_text("Saved")
    expect(page.locator(".complaint")).to_contain_text("answered with response")

    expect(check(page)).to_contain_text("checks passed")
    failure = page.locator(".checks details[open]").first
    expect(failure).to_contain_text("name 'emit' is not defined")
    expect(failure.get_by_text("Import emit from flask_socketio")).to_be_hidden()
    failure.get_by_text("A hint").click()
    expect(failure.get_by_text("Import emit from flask_socketio")).to_be_visible()
    expect(page.get_by_text("emit not imported")).to_have_count(0)

    write(page, puzzle.solution()["app.py"].decode())
    expect(check(page)).to_have_text("All checks passed. Well done.")
    expect(page.locator("#afterwards")).to_contain_text("emit not imported")
    expect(page.locator(".prose header .mark")).to_have_text("Done")
    menu(page, "Begin again")
    page.get_by_role("button", name="Begin again").last.click()
    expect(page.locator(".cm-content")).not_to_contain_text("SocketIO, emit")
    assert "emit(" in written(page)
    page.get_by_role("link", name="Next: another broken app").click()
    expect(page).to_have_url(re.compile(r"/challenge/04-event-handlers/[0-9a-f]{6}/"))


def test_an_output_is_predicted(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/challenge/outputs/01-greeting/first/")
    question = page.locator("#q-first")
    question.get_by_role("radio").nth(1).check()
    question.get_by_role("button", name="Commit").click()
    expect(question).to_contain_text("There is no space.")
    expect(question.locator("[data-focus]")).to_be_focused()
    expect(page).to_have_url(re.compile("/challenge/outputs/"))


def test_the_next_prediction_stands_out_once_this_one_is_made(
    page: Page, real_course: Served
) -> None:
    page.goto(f"{real_course.url}/challenge/outputs/01-install/two-spellings/")
    onward = page.get_by_role("link", name="Another prediction")
    shade = onward.evaluate("element => getComputedStyle(element).backgroundColor")
    page.get_by_role("radio").first.check()
    commit = page.get_by_role("button", name="Commit")
    strong = commit.evaluate("element => getComputedStyle(element).backgroundColor")
    assert shade != strong
    commit.click()
    page.mouse.move(0, 0)
    expect(onward).to_have_css("background-color", strong)
