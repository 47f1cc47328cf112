"""The pictures of the README: ``python -m tests.recorder.pictures``.

They are taken of the course as it is, in a real browser. Look at them before you commit them.
"""

from __future__ import annotations

from pathlib import Path

import click
from playwright.sync_api import Page, expect, sync_playwright

from tests.benchmarks.browser import find_chromium, served
from tests.e2e.preview import frame, run_and_wait

FOLDER = Path(__file__).parents[2] / "webapp" / "frontend" / "screenshots"


def lesson(page: Page, url: str) -> None:
    """A lesson, with the first results of its starter."""
    page.goto(f"{url}/lessons/04-event-handlers/")
    expect(page.locator(".bench .status")).to_have_text("Saved")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".results .headline")).to_have_text("2 of 9 checks passed", timeout=60_000)


def wire(page: Page, url: str) -> None:
    """A running app for two users, and the packets between them and it."""
    page.goto(f"{url}/try/chat/")
    expect(page.locator(".bench .status")).to_have_text("Saved")
    run_and_wait(page)
    page.get_by_role("button", name="Two users").click()
    for user, words in enumerate(("Is anybody there?", "I am!"), 1):
        seat = frame(page, user)
        expect(seat.locator("#name")).not_to_have_text("…", timeout=20_000)
        seat.get_by_role("textbox").fill(words)
        seat.get_by_role("button", name="Send").click()
    expect(frame(page).get_by_text("I am!")).to_be_visible()


@click.command()
def main() -> None:
    """Take the pictures anew."""
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for take in (lesson, wire):
            context = browser.new_context(
                viewport={"width": 1280, "height": 860}, service_workers="block"
            )
            page = context.new_page()
            take(page, url)
            page.wait_for_timeout(500)
            page.screenshot(path=FOLDER / f"{take.__name__}.png")
            print(FOLDER / f"{take.__name__}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
