"""The load lab in a real browser: a real run, drawn while it goes, and stopped."""

import re
import signal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, NewPage, Serve
from tests.e2e.test_access import findings
from tests.webapp.served import Served, free

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_run_is_drawn_while_it_goes_and_can_be_stopped(page: Page, real_course: Served) -> None:
    page.goto(real_course.url + "/perf/")
    page.select_option("#mode", "gevent")
    page.select_option("#pattern", "sleep")
    page.select_option("#clients", "10")
    expect(page.locator("#program")).to_contain_text("time.sleep")
    page.get_by_role("button", name="Start the run").click()
    expect(page.locator(".chart path.rate")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-caption]")).to_contain_text("answers per second", timeout=30_000)
    expect(page.locator("[data-caption]")).to_contain_text("10 connected", timeout=30_000)
    mark = page.locator("[data-start] use")
    expect(mark).to_have_attribute("href", re.compile("#stop$"))
    page.get_by_role("button", name="Stop the run").click()
    expect(page.get_by_role("button", name="Start the run")).to_be_visible(timeout=30_000)
    expect(mark).to_have_attribute("href", re.compile("#play$"))
    expect(page.locator("#announce")).to_have_text("The run was stopped.")
    page.get_by_text("The same as a table").click()
    expect(page.locator(".numbers tbody tr").first).to_be_visible()
    assert findings(page) == []


def test_a_recorded_run_is_drawn_with_its_program(page: Page, real_course: Served) -> None:
    page.goto(real_course.url + "/perf/")
    name = "Draw: eventlet, 50 clients, A handler that computes"
    page.get_by_role("button", name=name).click()
    expect(page.locator("[data-caption]")).to_contain_text(
        "Recorded: eventlet, 50 clients, A handler that computes. On average"
    )
    expect(page.locator("[data-caption]")).to_contain_text("nobody got an answer.")
    expect(page.locator("#mode")).to_have_value("eventlet")
    expect(page.locator("#program .said")).to_contain_text("No patch helps here")
    expect(page.locator(".chart text", has_text="slow")).to_have_count(3)
    page.get_by_text("The same as a table").click()
    expect(page.locator(".numbers tbody tr")).to_have_count(36)
    expect(page.locator(".numbers .scroll")).to_have_attribute("tabindex", "0")
    assert findings(page) == []


def test_a_server_that_is_gone_is_told_in_our_words(page: Page, serve: Serve) -> None:
    port = str(free())
    running = serve("--port", port, lessons=ROOT / "lessons")
    page.goto(running.url + "/perf/")
    page.select_option("#clients", "10")
    page.get_by_role("button", name="Start the run").click()
    expect(page.locator(".chart path.rate")).to_be_visible(timeout=60_000)
    running.stop(signal.SIGKILL)
    trouble = page.locator("[data-trouble]")
    expect(trouble).to_have_text("The course does not answer. Is it still running?")
    expect(page.get_by_role("button", name="Start the run")).to_be_visible()
    serve("--port", port, lessons=ROOT / "lessons")
    expect(trouble).to_be_hidden()


def test_without_a_script_the_programs_and_the_text_are_there(
    new_page: NewPage, real_course: Served
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(real_course.url + "/perf/")
    page.select_option("#pattern", "hog")
    page.get_by_role("button", name="Show this program").click()
    expect(page.locator("#program pre")).to_contain_text("def hog():")
    expect(page.get_by_text("A run needs JavaScript.")).to_be_visible()
    expect(page.locator(".chart")).to_be_hidden()
