"""Questions come back in the browser, and, all the same, without a script."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.webapp.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_answer_explain_go_on_and_take_back(
    new_page: NewPage, served: Served, script: bool
) -> None:
    page: Page = new_page(java_script_enabled=script)
    page.goto(f"{served.url}/recall/")
    expect(page.locator("#recall")).to_contain_text("Nothing to recall yet")
    page.get_by_text("Add questions from what you have read").click()
    page.locator('form:has([value="01-greeting"]) button').click()

    question = page.locator("#recall .question")
    expect(question).to_contain_text("What does this program print?")
    expect(page.locator(".tally")).to_contain_text("2 waiting")
    question.locator('label:has-text("<b> _x_") input').check()
    question.get_by_role("button", name="Commit to my answer").click()
    expect(question).to_contain_text("There is no space.")
    if script:
        expect(question.locator("[data-focus]")).to_be_focused()
    question.get_by_role("button", name="Next back in 10 minutes").click()

    expect(question).to_contain_text("What is a route?")
    question.get_by_label("An address with a function.").check()
    question.get_by_role("button", name="Commit to my answer").click()
    expect(question.get_by_role("button", name="It was hard")).to_be_visible()
    question.get_by_role("button", name="I knew it at once").click()
    expect(page.locator("#recall")).to_contain_text("The next question is due in 10 minutes.")
    page.get_by_role("button", name="Take my last answer back").click()
    expect(question).to_contain_text("What is a route?")
    expect(page.locator(".tally")).to_contain_text("1 answered today")
