"""A learner's way through a lesson, and everything still there afterwards."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from checker.lesson import load_course
from tests.e2e.bench import SOLVED, check, menu, open_lesson, write, written
from tests.e2e.conftest import ROOT, Serve
from tests.e2e.wire import Cut, answers_late
from tests.webapp.served import Served, free
from tests.webapp.site import HELLO

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_read_answer_fail_mend_pass_reload_restart(page: Page, serve: Serve) -> None:
    port = str(free())
    served = serve("--port", port)
    page.goto(served.url)
    page.get_by_role("link", name="Overview").first.click()
    page.get_by_role("link", name="Next Lesson 1").click()

    question = page.locator("#q-first")
    question.get_by_role("radio").nth(1).check()
    question.get_by_role("button", name="Commit").click()
    expect(question).to_contain_text("There is no space.")
    expect(question.locator("[data-focus]")).to_be_focused()

    expect(check(page)).to_have_text("0 of 2 checks passed")
    first = page.locator(".checks details[open]")
    expect(first).to_have_count(1)
    expect(first).to_contain_text("Not yet")
    expect(first).to_contain_text("'Hi'")
    expect(first).to_contain_text("Try this: Return the text Hello!.")
    expect(page.locator("#announce")).to_contain_text("0 of 2 checks passed.")

    write(page, SOLVED)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".headline.won")).to_have_text("All checks passed. Well done.")
    expect(page.locator(".tasks-nav")).to_contain_text("Done: Task 1: Say hello")
    expect(page.get_by_role("link", name="Next: Lesson 2")).to_be_visible()

    for _ in range(2):
        page.reload()
        expect(page.locator(".headline.won")).to_be_visible()
        expect(question).to_contain_text("There is no space.")
        assert written(page).strip() == SOLVED.strip()
        expect(page.locator(".prose header .mark")).to_have_text("Done")
        served.stop()
        served = serve("--port", port)
    page.goto(served.url)
    expect(page.locator(".next")).to_contain_text("2 of 3 tasks done")
    expect(page.locator(".next")).to_contain_text("Lesson 2")


def test_a_lesson_of_the_course_is_solved_by_its_solution(page: Page, real_course: Served) -> None:
    lesson = load_course(ROOT / "lessons").find("4")
    open_lesson(page, real_course.url, "4")
    expect(check(page)).to_contain_text("checks passed")
    write(page, lesson.solution()["app.py"].decode())
    expect(check(page)).to_have_text("All checks passed. Well done.")
    expect(page.locator(".results .facts")).to_contain_text("Flask-SocketIO 5")


def test_the_learners_own_line_is_marked(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, HELLO + "\n\nundefined_name\n")
    check(page)
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Show line 8 of app\.py")).click()
    expect(page.locator(".cm-content")).to_be_focused()
    expect(page.locator(".cm-activeLine")).to_contain_text("undefined_name")
    page.reload()
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    page.get_by_role("link", name="Read task 1").click()
    expect(page.locator("#task-1")).to_be_in_viewport()


def test_faults_stand_in_the_margin_while_one_types(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    fault = page.locator(".cm-lint-marker-warning")
    expect(fault).to_have_count(0)
    write(page, HELLO + "\n\nhelo()\n")
    expect(fault).to_have_count(1)
    fault.hover()
    expect(page.locator(".cm-diagnosticText")).to_contain_text("helo has no value here.")
    page.reload()
    expect(fault).to_have_count(1)
    write(page, HELLO)
    expect(fault).to_have_count(0)


def test_faults_of_a_page_stand_in_the_margin(page: Page, real_course: Served) -> None:
    open_lesson(page, real_course.url, "6")
    page.get_by_role("tab", name="templates/index.html").click()
    fault = page.locator(".cm-lint-marker-warning")
    page.wait_for_timeout(800)
    expect(fault).to_have_count(0)
    write(page, "<body>\n<p>Hello</b></p>\n<script>\nconst socket = io(;\n</script>\n</body>")
    expect(fault).to_have_count(2)
    write(page, "<body>\n<p>Hello</p>\n<script>\nconst all = {{ all|tojson }};\n</script>\n</body>")
    expect(fault).to_have_count(0)


def test_learner_text_is_shown_and_never_run(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    write(page, HELLO.replace('"Hello!"', f"print({attack!r}) or {attack!r}"))
    check(page)
    expect(page.locator(".checks .message").first).to_contain_text("<script>")
    page.get_by_text("What your app printed").click()
    expect(page.locator("pre.printed")).to_contain_text("<img src=x")
    assert page.locator(".results img, .results script").count() == 0


def test_hints_open_rung_by_rung(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    page.get_by_role("button", name="A hint for this task").first.click()
    expect(page.locator("#hints-1 .hint")).to_have_count(1)
    expect(page.locator("#hints-1 [data-focus]")).to_be_focused()
    page.locator("#hints-1").get_by_role("button", name="Another hint").click()
    expect(page.locator("#hints-1 .hint")).to_have_count(2)
    page.reload()
    expect(page.locator("#hints-1 .hint")).to_have_count(2)


def test_a_myth_is_tapped_and_the_reality_unfolds(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/pages/overview/")
    myth = page.locator("#q-yes-no")
    reality = page.get_by_text("They work side by side.")
    expect(reality).to_be_hidden()
    myth.get_by_role("button", name="Yes").click()
    expect(reality).to_be_visible()
    expect(myth).to_contain_text("It would have no routes then.")
    expect(myth).to_contain_text("It works alongside.")
    myth.get_by_role("button", name="Answer again").click()
    myth.get_by_role("button", name="No", exact=True).click()
    expect(myth).to_contain_text("That is so.")


def test_files_versions_and_reset(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, HELLO)
    check(page)
    page.get_by_role("button", name="Add a file").click()
    page.get_by_label("Name of the file").fill("../bad.py")
    page.locator("dialog").get_by_role("button", name="Add a file").click()
    expect(page.locator("dialog .trouble")).to_contain_text("Use letters")
    page.get_by_label("Name of the file").fill("notes.py")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="notes.py")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("x = 1")
    menu(page, "Rename")
    page.get_by_label("Name of the file").fill("extra.py")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="extra.py")).to_be_visible()
    assert written(page) == "x = 1"
    menu(page, "Delete")
    page.locator("dialog").get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("tab")).to_have_count(1)
    menu(page, "Begin again")
    page.locator("dialog").get_by_role("button", name="Begin again").click()
    expect(page.locator(".cm-content")).to_contain_text('return "Hi"')
    menu(page, "Versions")
    page.get_by_role("button", name="Bring back").first.click()
    expect(page.locator(".cm-content")).to_contain_text('return "Hello!"')
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text('return "Hello!"')


def test_the_solution_is_beside_mine_and_never_touches_it(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    mine = written(page)
    menu(page, "Compare with the solution")
    expect(page.locator("dialog")).to_contain_text("Look at the solution now?")
    page.locator("dialog").get_by_role("button", name="Show it").click()
    expect(page.locator("dialog .cm-mergeView")).to_be_visible()
    expect(page.locator("dialog .cm-merge-b")).to_contain_text("/bye")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert written(page) == mine


def test_two_tabs_meet_without_loss(
    new_context: Callable[..., BrowserContext], served: Served
) -> None:
    context = new_context()
    one, two = context.new_page(), context.new_page()
    for tab in (one, two):
        open_lesson(tab, served.url)
    write(one, "one = 1\n")
    expect(two.locator(".cm-content")).to_contain_text("one = 1")
    write(two, "two = 2\n")
    expect(one.locator(".cm-content")).to_contain_text("two = 2")


def test_a_save_over_another_change_asks_and_keeps_both(
    new_context: Callable[..., BrowserContext], served: Served, cut: Cut
) -> None:
    context = new_context()
    here = context.new_page()
    lines: list[WebSocket] = []
    here.on("websocket", lambda line: lines.append(line))
    status = here.locator(".bench .status")
    open_lesson(here, cut.url)
    cut.cut()
    expect(status).to_contain_text("No connection")
    write(here, "here = 1\n")
    there = context.new_page()
    open_lesson(there, served.url)
    write(there, "there = 1\n")
    expect(there.locator(".bench .status")).to_have_text("Saved")
    cut.mend()
    bar = here.locator(".conflict")
    expect(bar).to_contain_text("was changed here and elsewhere")
    bar.get_by_role("button", name="Compare").click()
    expect(here.locator("dialog .cm-merge-b")).to_contain_text("there = 1")
    here.keyboard.press("Escape")
    expect(status).to_have_text("Changed elsewhere")
    with lines[-1].expect_event("framereceived", lambda said: '"conflict":true' in said):
        write(there, "there = 2\n")
    expect(status).to_have_text("Changed elsewhere")
    bar.get_by_role("button", name="Take the other").click()
    expect(here.locator(".cm-content")).to_contain_text("there = 2")
    expect(bar).to_be_hidden()
    expect(status).to_have_text("Saved")
    menu(here, "Versions")
    expect(here.locator(".versions")).to_contain_text("yours, when both had changed")


def test_a_check_goes_on_while_the_line_is_cut(page: Page, cut: Cut) -> None:
    open_lesson(page, cut.url)
    write(page, SOLVED.replace("return", "import time; time.sleep(0.8); return"))
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".line.running")).to_be_visible()
    cut.cut()
    expect(page.locator(".bench .status")).to_contain_text("No connection")
    time.sleep(2)
    cut.mend()
    expect(page.locator(".headline.won")).to_be_visible(timeout=20_000)


def test_news_may_overtake_the_answer_that_says_what_was_before(
    new_context: Callable[..., BrowserContext], served: Served
) -> None:
    context = new_context()
    here = context.new_page()
    open_lesson(here, served.url)
    write(here, SOLVED.replace("return", "import time; time.sleep(2); return"))
    here.get_by_role("button", name="Check", exact=True).click()
    expect(here.locator(".line.running")).to_be_visible()
    there = context.new_page()
    there.route_web_socket("**/socket.io/**", answers_late('"run_finished"'))
    there.goto(here.url)
    expect(there.locator(".headline.won")).to_be_visible(timeout=20_000)
    expect(there.get_by_role("button", name="Check", exact=True)).to_be_visible()


def test_a_check_is_made_again_when_the_server_was_restarted(page: Page, serve: Serve) -> None:
    port = str(free())
    served = serve("--port", port)
    open_lesson(page, served.url)
    write(page, SOLVED.replace("return", "import time; time.sleep(2); return"))
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".line.running")).to_be_visible()
    served.stop()
    serve("--port", port)
    expect(page.locator(".headline.won")).to_be_visible(timeout=60_000)


def test_text_written_without_a_connection_survives_a_closed_page(
    new_context: Callable[..., BrowserContext], cut: Cut
) -> None:
    context = new_context()
    page = context.new_page()
    open_lesson(page, cut.url)
    cut.cut()
    write(page, "kept = True\n")
    expect(page.locator(".bench .status")).to_contain_text("kept in this browser")
    page.close()
    cut.mend()
    again = context.new_page()
    open_lesson(again, cut.url)
    expect(again.locator(".cm-content")).to_contain_text("kept = True")
