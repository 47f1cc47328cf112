"""What a learner is shown when something is not right: the place, the sentence, the next step."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.bench import check, menu, open_lesson, write, written
from tests.webapp.served import Served
from tests.webapp.site import BYE, HELLO

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SLOW = HELLO.replace("return", "import time; time.sleep(4); return")
LONG = HELLO + "\n" * 40


def test_before_the_first_check_the_results_say_what_to_do(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    expect(page.locator(".results")).to_have_text(
        "Nothing is checked yet. Press Check as often as you like: "
        "it changes nothing in your files."
    )


def test_a_file_that_python_cannot_read_has_a_line_and_an_advice(
    page: Page, served: Served
) -> None:
    open_lesson(page, served.url)
    write(page, LONG + "print('a'\n")
    page.keyboard.press("ControlOrMeta+Home")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".summary p").nth(0)).to_have_text(
        "Python cannot read app.py: '(' was never closed (line 46)."
    )
    expect(page.locator(".summary p").nth(1)).to_have_text("The line is: print('a'")
    expect(page.locator(".summary p").nth(2)).to_contain_text(
        "Try this: There are more opening brackets than closing ones"
    )
    expect(page.locator(".checks .word")).to_have_text(["Not run", "Not run"])
    expect(page.locator(".cm-line", has_text="print('a'")).to_be_in_viewport()
    page.get_by_role("button", name="Show line 46 of app.py").click()
    expect(page.locator(".cm-activeLine")).to_have_text("print('a'")


def test_a_line_far_below_is_brought_into_sight_and_the_cursor_stays(
    page: Page, served: Served
) -> None:
    open_lesson(page, served.url)
    write(page, LONG + "undefined_name\n")
    page.keyboard.press("ControlOrMeta+Home")
    check(page)
    expect(page.locator(".cm-line", has_text="undefined_name")).to_be_in_viewport()
    page.keyboard.press("Tab")  # on from the button: the focus was not taken away
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()


def test_the_line_is_one_of_the_learners_own_file(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, "from flask import Flasks\n" + HELLO)
    check(page)
    expect(page.locator(".message").first).to_contain_text("cannot import name 'Flasks'")
    expect(page.get_by_role("button", name="Show line 1 of app.py").first).to_be_visible()
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)


def test_a_result_says_that_the_files_are_others_by_now(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    check(page)
    expect(page.locator(".headline .since")).to_have_count(0)
    write(page, HELLO)
    expect(page.locator(".headline .since")).to_have_text(
        "Your files have changed since this check."
    )
    expect(page.locator(".bench .status")).to_have_text("Saved")
    page.reload()
    expect(page.locator(".headline .since")).to_be_visible()
    check(page)
    expect(page.locator(".headline .since")).to_have_count(0)
    menu(page, "Begin again")
    page.locator("dialog").get_by_role("button", name="Begin again").click()
    expect(page.locator(".headline .since")).to_be_visible()


def test_what_two_checks_say_of_a_line_stands_there_once(page: Page, real_course: Served) -> None:
    open_lesson(page, real_course.url, "4")
    handler = '@socketio.on("message")\ndef hear(data):\n    pritn(data)\n\n\nif __name__'
    write(page, written(page).replace("if __name__", handler))
    check(page)
    expect(page.locator(".line.crashed")).to_have_count(2)
    page.locator(".cm-lint-marker-error").hover()
    said = page.locator(".cm-diagnostic-error")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("The program uses pritn, and no line above it has made")
    expect(said.locator("code").first).to_have_text("pritn")


def test_an_app_that_prints_without_end_hides_no_result(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    flood = "[print(n) for n in range(100_000)] and"
    write(page, HELLO.replace('"Hello!"', f'{flood} "Hello!"') + BYE)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".headline.won")).to_be_visible(timeout=60_000)
    expect(page.locator(".checks .word")).to_have_text(["Passed", "Passed"])


def test_a_check_that_is_stopped_says_what_was_not_run(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, "while True:\n    pass\n")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".line.running")).to_be_visible()
    page.locator(".bench .check").click()
    expect(page.locator(".summary")).to_have_text("This check was stopped.")
    expect(page.locator(".checks .word")).to_have_text(["Not run", "Not run"])


def test_a_key_that_is_pressed_again_checks_again_and_stops_nothing(
    page: Page, served: Served
) -> None:
    open_lesson(page, served.url)
    write(page, SLOW)
    for _ in range(4):  # held down
        page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".line.running")).to_be_visible()
    page.wait_for_timeout(700)
    write(page, HELLO + BYE)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".headline.won")).to_be_visible(timeout=20_000)
    expect(page.locator(".summary")).not_to_contain_text("stopped")


def test_what_was_typed_can_be_undone_after_a_reset_and_under_a_new_name(
    page: Page, served: Served
) -> None:
    open_lesson(page, served.url)
    write(page, "mine = 1\n")
    menu(page, "Begin again")
    page.locator("dialog").get_by_role("button", name="Begin again").click()
    expect(page.locator(".cm-content")).to_contain_text('return "Hi"')
    page.locator(".cm-content").focus()
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator(".cm-content")).to_contain_text("mine = 1")
    menu(page, "Rename")
    page.get_by_label("Name of the file").fill("other.py")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="other.py")).to_be_visible()
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator(".cm-content")).to_contain_text('return "Hi"')
    expect(page.locator(".cm-content .tok-keyword").first).to_have_text("from")


def test_the_only_file_is_not_deleted(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    before = written(page)
    menu(page, "Delete")
    expect(page.locator("dialog")).to_contain_text(
        "app.py is your only file. Add another one first, or empty this one."
    )
    page.keyboard.press("Escape")
    assert written(page) == before


def test_long_lines_are_wrapped_and_go_on_below_their_beginning(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, "def f():\n    return " + "'word ' + " * 30 + "''\n")
    box = page.locator(".cm-scroller").evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert box[0] == box[1]
    styles = page.locator(".cm-line").nth(1).evaluate("line => line.style.textIndent")
    assert styles == "-4ch"


def test_a_result_says_that_the_files_were_changed_while_it_was_made(
    page: Page, served: Served
) -> None:
    open_lesson(page, served.url)
    write(page, SLOW + BYE)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".line.running")).to_be_visible()
    write(page, HELLO)
    expect(page.locator(".headline")).to_have_text(
        "All checks passed. Well done.Your files have changed since this check.", timeout=30_000
    )
    check(page)
    expect(page.locator(".headline .since")).to_have_count(0)
