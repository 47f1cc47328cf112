"""A program of a page is run from the page, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.test_access import findings
from tests.webapp.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_a_program_is_run_and_what_it_prints_is_shown(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/pages/overview/")
    figure = page.locator("figure.code[data-program]").first
    figure.get_by_role("button", name="Run").click()
    expect(figure.locator(".ran p")).to_have_text(
        re.compile(r"^Printed here, in [\d.]+ s on Python 3\.\d+\.\d+:$"), timeout=60_000
    )
    expect(figure.locator(".ran pre")).to_have_text("asked: 19\ntold: 1")
    expect(figure.get_by_role("button", name="Run again")).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("asked: 19")
    assert findings(page) == []


def test_a_program_that_fails_says_so(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/pages/what-changed/#1-choose-the-mode-when-you-run-the-server")
    figure = page.locator("figure.code", has_text='async_mode="eventlet")').first
    figure.get_by_role("button", name="Run").click()
    expect(figure.locator(".ran p")).to_contain_text("and ended with an error", timeout=60_000)
    expect(figure.locator(".ran pre")).to_contain_text("unexpected keyword argument 'async_mode'")


def test_a_course_that_is_gone_is_told(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/pages/overview/")
    page.route("**/programs/*", lambda asked: asked.abort())
    figure = page.locator("figure.code[data-program]").first
    figure.get_by_role("button", name="Run").click()
    expect(figure.locator(".ran")).to_have_text("The course does not answer. Is it still running?")


def test_without_a_script_there_is_no_button(new_page: NewPage, real_course: Served) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{real_course.url}/pages/overview/")
    expect(page.locator("figure.code[data-program]").first).to_be_visible()
    expect(page.get_by_role("button", name="Run this program")).to_have_count(0)
