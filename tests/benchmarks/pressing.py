"""From pressing Check to the first result on screen: ``python -m tests.benchmarks.pressing``.

A real Chromium presses the button of a lesson's workbench, again and again, and a clock in the
page says when the first result has been painted. The first press of each lesson is not counted.
"""

from __future__ import annotations

from statistics import median

import click
from playwright.sync_api import Page, sync_playwright

from checker.lesson import Lesson, load_course
from tests.benchmarks.browser import find_chromium, served
from tests.benchmarks.measure import load_average

ASKED = 150
"""Milliseconds, at the median, in lessons 1 to 4."""
LESSONS = 4
PRESS = """() => new Promise(done => {
    const results = document.querySelector('.results');
    const from = performance.now();
    let first = null;
    const look = () => {
        const said = results.querySelectorAll('.line.passed, .line.failed, .line.crashed').length;
        if (said && first === null) {
            first = 0;
            requestAnimationFrame(() => setTimeout(() => {
                first = performance.now() - from;
                look();
            }));
        }
        if (first && results.querySelector('.headline')) {
            watching.disconnect();
            done([first, performance.now() - from]);
        }
    };
    const watching = new MutationObserver(look);
    document.querySelector('.bench .check').click();
    watching.observe(results, {subtree: true, childList: true, attributes: true});
})"""


def press(page: Page, url: str, lesson: Lesson, times: int) -> tuple[list[float], list[float]]:
    """Return milliseconds until the first result, and until the last, of each press."""
    page.goto(f"{url}/lessons/{lesson.slug}/")
    page.wait_for_function("() => document.querySelector('.status')?.textContent === 'Saved'")
    found = [page.evaluate(PRESS)]
    for _ in range(times):
        page.wait_for_timeout(2_500)  # a learner may check so often only
        found.append(page.evaluate(PRESS))
    return [first for first, _ in found[1:]], [last for _, last in found[1:]]


@click.command()
@click.option("--times", default=7, show_default=True, help="Presses in each lesson.")
def main(times: int) -> None:
    """Print the milliseconds from pressing Check to the first result and to the last."""
    slow = False
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        for lesson in load_course().lessons[:LESSONS]:
            first, last = press(page, url, lesson, times)
            slow = slow or median(first) > ASKED
            print(
                f"lesson {lesson.number}: first result {median(first):4.0f} ms (asked {ASKED}; "
                f"{min(first):.0f} to {max(first):.0f}), last {median(last):4.0f} ms"
            )
    print(load_average())
    raise SystemExit(1 if slow else 0)


if __name__ == "__main__":
    main()
