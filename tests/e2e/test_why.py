"""The laboratory: asking beside being told, in a real browser."""

import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from tests.e2e.conftest import ROOT, NewPage, Serve
from tests.webapp.served import Served, free

pytestmark = pytest.mark.browser
NewContext = Callable[..., BrowserContext]
SOME = re.compile(r"^[1-9]\d*$")


def test_both_ways_run_and_are_counted(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    page.locator("[name=every]").select_option("0.5")
    page.get_by_role("button", name="Start").click()
    for side in ("poll", "push"):
        expect(page.locator(f"[data-{side}=news]")).to_have_text(SOME)
        expect(page.locator(f"[data-{side}=up]")).not_to_have_text("0")
        expect(page.locator(f"[data-{side}=mean]")).to_have_text(re.compile(r"^[\d.]+ m?s$"))
    expect(page.locator("[data-push=requests]")).to_have_text("1")
    expect(page.locator("[data-poll=missed]")).to_have_text(SOME)
    expect(page.locator("[data-verdict]")).to_contain_text("questions brought nothing")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#announce")).to_contain_text("questions brought nothing")


def test_a_kept_answer_costs_nothing(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    page.locator("[name=every]").select_option("20")
    page.locator("[name=asks]").fill("0.5")
    page.locator("[name=how]").select_option("keep")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("[data-poll=requests]")).to_have_text(re.compile(r"^[5-9]$"))
    up = int(page.locator("[data-poll=up]").inner_text().replace(",", ""))
    asked = page.evaluate("fetch('/why/value?every=20').then(a => +a.headers.get('asked-bytes'))")
    assert up < 4 * asked


def test_lines_show_in_what_the_server_holds(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    held = page.locator("[data-connections]")
    page.get_by_role("button", name="Open five lines more").click()
    expect(held).to_have_text(re.compile(r"^([5-9]|\d\d)$"), timeout=15_000)
    most = int(held.inner_text())
    page.get_by_role("button", name="Close them").click()
    fewer = "|".join(str(number) for number in range(most - 4))
    expect(held).to_have_text(re.compile(f"^({fewer})$"), timeout=15_000)


def test_lines_that_are_cut_come_back_by_themselves(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    cut = page.get_by_role("button", name="Cut them all at once")
    expect(cut).to_be_disabled()
    page.get_by_role("button", name="Open five lines more").click()
    held = page.locator("[data-connections]")
    expect(held).to_have_text(re.compile(r"^([5-9]|\d\d)$"), timeout=15_000)
    cut.click()
    told = re.compile(
        r"All 5 lines came back by themselves, between [\d.]+ s and [\d.]+ s after the cut\."
        r" With 5,000 visitors, the same second brings 5,000 requests\."
    )
    expect(page.locator("[data-comeback]")).to_have_text(told, timeout=30_000)
    expect(page.locator("[data-trouble]")).to_have_text("")
    page.get_by_role("button", name="Close them").click()
    expect(page.locator("[data-comeback]")).to_have_text("")
    expect(cut).to_be_disabled()


def test_a_proxy_that_was_not_told_stops_websocket_alone(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    expect(page.locator("[data-proxied]")).to_be_hidden()
    page.get_by_role("button", name="Go through a proxy").click()
    said = page.locator("[data-verdict-between]")
    expect(said).to_have_text(
        "The question came through. WebSocket alone did not come through; a line that may fall"
        " back on polling came through.",
        timeout=20_000,
    )
    cells = page.locator("[data-proxied] tbody td")
    expect(cells.nth(0)).to_have_text("answered, as without the proxy")
    expect(cells.nth(2)).to_have_text("no line: websocket error")
    expect(cells.nth(4)).to_have_text("connected, and has to stay with polling")
    expect(page.locator("#announce")).to_contain_text("The question came through.")


def test_a_silent_network_is_noticed_by_who_asks(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    page.get_by_role("button", name="Start").click()
    hush = page.get_by_role("button", name="Let the network fall silent")
    hush.click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    expect(hush).to_be_disabled()
    said = page.locator("[data-verdict-between]")
    expect(said).to_have_text(re.compile(r"^Silent for \d of 12 seconds\.$"), timeout=10_000)
    expect(page.locator("[data-told=notices]")).to_have_text("nothing yet")
    expect(said).to_have_text(
        re.compile(
            r"Asking noticed after [\d.]+ s, by a question without an answer\. The line noticed"
            r" nothing in 12 s: only its heartbeat would have, within 45 s\. What was told"
            r" meanwhile came in one go, up to [\d.]+ s late\."
        ),
        timeout=30_000,
    )
    expect(page.locator("[data-asked=missed]")).to_have_text(SOME)
    expect(page.locator("[data-asked=unanswered]")).to_have_text(SOME)
    expect(page.locator("[data-told=missed]")).to_have_text("0")
    expect(hush).to_be_enabled()


def test_pressed_in_any_order_it_runs_once(page: Page, real_course: Served) -> None:
    opened: list[WebSocket] = []
    page.on("websocket", lambda line: opened.append(line))
    page.goto(f"{real_course.url}/why/")
    page.locator("[name=every]").select_option("0.5")
    page.get_by_role("button", name="Start").dblclick()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    for preset in ("A cache helps", "News is rare", "News is frequent"):
        page.get_by_role("button", name=preset).click()
    expect(page.locator("[data-push=news]")).to_have_text(SOME)
    for line in opened[:-1]:  # the server may take a moment to say farewell
        line.is_closed() or line.wait_for_event("close")
    assert not opened[-1].is_closed()
    with opened[-1].expect_event("close"):
        page.get_by_role("button", name="Stop").click()


def test_it_asks_as_the_slider_stands_in_the_end(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    page.locator("[name=every]").select_option("0.5")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("[data-poll=requests]")).to_have_text(SOME)
    page.locator("[name=asks]").focus()
    for key in ("ArrowRight", "ArrowRight", "End"):
        page.keyboard.press(key)
    expect(page.locator("[data-asks]")).to_have_text("20")
    expect(page.locator("[data-poll=requests]")).to_have_text("1")
    expect(page.locator("[data-push=news]")).to_have_text("8")
    expect(page.locator("[data-poll=requests]")).to_have_text("1")


def test_the_focus_stays_where_it_was_or_near(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    for name in ("Let the network fall silent", "Go through a proxy"):
        button = page.get_by_role("button", name=name)
        button.press("Enter")
        expect(button).to_be_disabled()
        expect(button).to_be_focused()
        expect(button).to_be_enabled(timeout=30_000)
    more = page.get_by_role("button", name="Open five lines more")
    more.press("Enter")
    fewer = page.get_by_role("button", name="Close them")
    expect(fewer).to_be_focused()
    fewer.press("Enter")
    expect(more).to_be_focused()


def test_a_line_that_breaks_in_the_silence_begins_no_second_one(
    page: Page, real_course: Served
) -> None:
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda made: asked.append(made.url) if "/why/value" in made.url else None)
    page.goto(f"{real_course.url}/why/")
    page.get_by_role("button", name="Open five lines more").click()
    page.get_by_role("button", name="Let the network fall silent").click()
    said = page.locator("[data-verdict-between]")
    expect(said).to_have_text("Silent for 1 of 12 seconds.")
    page.get_by_role("button", name="Cut them all at once").click()
    expect(page.locator("[data-comeback]")).to_contain_text("came back by themselves")
    told = re.compile(r"Asking noticed after [\d.]+ s, .* The line noticed after [\d.]+ s\.")
    expect(said).to_have_text(told, timeout=30_000)
    before = len(asked)
    page.clock.fast_forward(30_000)
    expect(said).to_have_text(told)
    assert len(asked) == before


def test_a_course_that_dies_meanwhile_is_no_proof_of_anything(page: Page, serve: Serve) -> None:
    no_answer = "The course does not answer. Is it still running?"
    running = serve("--port", str(free()), lessons=ROOT / "lessons")
    page.clock.install()
    page.goto(f"{running.url}/why/")
    hush = page.get_by_role("button", name="Let the network fall silent")
    hush.click()
    said = page.locator("[data-verdict-between]")
    expect(said).to_have_text("Silent for 1 of 12 seconds.")
    running.stop(signal.SIGKILL)
    expect(said).to_have_text(no_answer)
    expect(page.locator("[data-silent]")).to_be_hidden()
    page.clock.fast_forward(30_000)
    expect(said).to_have_text(no_answer)
    hush.click()
    expect(hush).to_be_enabled()
    expect(said).to_have_text(no_answer)
    page.get_by_role("button", name="Go through a proxy").click()
    expect(page.locator("[data-way=asked] td").first).to_have_text("no answer")
    expect(said).to_have_text(no_answer)


def test_too_many_lines_are_no_proof_either(new_context: NewContext, real_course: Served) -> None:
    context = new_context()
    pages = [context.new_page() for _ in range(2)]
    for page in pages:
        page.goto(f"{real_course.url}/why/")
        page.get_by_role("button", name="Open five lines more").click()
    last = pages[-1]
    refused = "Too many lines are open. Close some of them."
    expect(last.locator("[data-trouble]")).to_have_text(refused)
    last.get_by_role("button", name="Let the network fall silent").click()
    expect(last.locator("[data-verdict-between]")).to_have_text(refused)
    expect(last.locator("[data-silent]")).to_be_hidden()


def test_a_question_that_is_refused_is_no_proof_either(page: Page, real_course: Served) -> None:
    page.route("**/proxied/why/value*", lambda asked: asked.fulfill(status=429))
    page.goto(f"{real_course.url}/why/")
    page.get_by_role("button", name="Go through a proxy").click()
    expect(page.locator("[data-way=asked] td").first).to_have_text("refused, 429")
    expect(page.locator("[data-verdict-between]")).to_have_text(
        "The course refused a question. Wait a moment, and try again."
    )


def test_a_line_that_breaks_is_told_and_opened_again(page: Page, serve: Serve) -> None:
    port = str(free())
    running = serve("--port", port, lessons=ROOT / "lessons")
    page.goto(f"{running.url}/why/")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("[data-push=requests]")).to_have_text("1")
    running.stop(signal.SIGKILL)
    trouble = page.locator("[data-trouble]")
    told = "The line is broken. The page tries to open it again."
    expect(trouble).to_have_text(re.compile(f"^{told}|The course does not answer"))
    expect(trouble).to_have_text("The course does not answer. Is it still running?")
    serve("--port", port, lessons=ROOT / "lessons")
    expect(trouble).to_have_text("")
    expect(page.locator("[data-push=requests]")).to_have_text("2")


def test_the_checklist_adds_up(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/why/")
    boxes = page.locator("[data-decide] input")
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(page.locator("[data-decision]")).to_have_text(
        "2 for a line, 0 for asking. A line is worth its price."
    )


def test_without_a_script_there_are_figures(new_page: NewPage, real_course: Served) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{real_course.url}/why/")
    expect(page.locator("#measured")).to_be_visible()
    expect(page.locator("[data-form]")).to_be_hidden()
