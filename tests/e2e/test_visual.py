"""The player of a recording: with the buttons, the keys and the slider; still where motion is."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.webapp.served import Served

pytestmark = pytest.mark.browser
PATH = "visual/02-upgrade/"


def shown(page: Page, number: int) -> None:
    expect(page.locator("[data-steps] > li:visible")).to_have_attribute("id", f"step-{number}")
    expect(page.locator("g.current")).to_have_attribute("data-step", str(number))
    expect(page.locator("[data-count]")).to_have_text(re.compile(f"^{number} of "))


def test_a_recording_is_stepped_forward_and_back(page: Page, real_course: Served) -> None:
    page.goto(f"{real_course.url}/{PATH}")
    shown(page, 1)
    page.get_by_role("button", name="Next").click()
    shown(page, 2)
    page.keyboard.press("ArrowRight")
    shown(page, 3)
    page.keyboard.press("ArrowLeft")
    shown(page, 2)
    page.get_by_role("slider").fill("8")
    shown(page, 8)
    expect(page.locator("#announce")).to_contain_text(re.compile("^8[.] .+[.]"))
    page.locator("g[data-step='5'] .v-text").click()
    shown(page, 5)
    page.get_by_role("button", name="First step").click()
    shown(page, 1)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    shown(page, 2)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_nothing_travels_where_motion_is_not_wanted(new_page: NewPage, real_course: Served) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(f"{real_course.url}/{PATH}")
    page.get_by_role("button", name="Next").click()
    shown(page, 2)
    assert page.evaluate("document.querySelector('[data-dot]').getAnimations().length") == 0
    expect(page.locator("[data-dot]")).to_have_attribute("visibility", "hidden")


def test_without_a_script_every_step_is_there(new_page: NewPage, real_course: Served) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{real_course.url}/{PATH}")
    steps = page.locator("[data-steps] > li")
    assert steps.count() == page.locator("g[data-step]").count() > 10
    expect(steps.last).to_be_visible()
    expect(page.locator("[data-controls]")).to_be_hidden()
