"""What a page says when the course does not answer, and that it works again afterwards."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Serve
from tests.webapp.served import free

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

UNREACHED = "That did not reach the course. Is it still running? Try again."
TOO_FAST = "That was too much at once. Wait a moment, and try again."


def test_an_answer_that_does_not_arrive_is_told_and_can_be_sent_again(
    page: Page, serve: Serve
) -> None:
    port = str(free())
    running = serve("--port", port)
    page.goto(f"{running.url}/lessons/01-greeting/")
    question = page.locator("#q-first")
    question.get_by_role("radio").first.check()
    running.stop()
    question.get_by_role("button", name="Commit").click()
    expect(question.locator(".trouble")).to_have_text(UNREACHED)
    expect(page.locator("#announce")).to_have_text(UNREACHED)
    page.locator(".theme button").nth(2).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    serve("--port", port)
    question.get_by_role("button", name="Commit").click()
    expect(question.locator("[data-focus]")).to_be_focused()
    expect(question.locator(".trouble")).to_have_count(0)


def test_too_much_at_once_is_told_as_that(page: Page, serve: Serve) -> None:
    running = serve("--port", str(free()))
    page.goto(f"{running.url}/lessons/01-greeting/")
    page.route("**/answers/**", lambda asked: asked.fulfill(status=429, body="slow down"))
    question = page.locator("#q-first")
    question.get_by_role("radio").first.check()
    with page.expect_response("**/answers/**"):
        question.get_by_role("button", name="Commit").click()
    expect(question.locator(".trouble")).to_have_text(TOO_FAST)
