"""Read with the server stopped, in a real browser; and never an old text while it runs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import ROOT, Serve
from tests.webapp.served import free

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

LESSON = "/lessons/01-greeting/"
KEPT = """async () => {
    await navigator.serviceWorker.register('/service-worker.js');
    await navigator.serviceWorker.ready;
    const names = await caches.keys();
    const cache = await caches.open(names[0]);
    return [names, (await cache.keys()).map(each => new URL(each.url).pathname)];
}"""

DROPPED = """async () => {
    await navigator.serviceWorker.register('/service-worker.js');
    await navigator.serviceWorker.ready;
    while (await caches.has('course-of-yesterday')) await new Promise(done => setTimeout(done, 20));
}"""
"""Opens no cache, which would make the old one anew. `Page.wait_for_function` would wait for
nothing: it takes a promise for a yes."""

BLANK = "<link rel=icon href='data:,'>"


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(service_workers="allow").new_page()


def test_the_course_can_be_read_with_the_server_stopped(page: Page, serve: Serve) -> None:
    port = str(free())
    running = serve("--port", port)
    page.goto(running.url + LESSON)
    page.locator("#q-first input").first.check()
    page.locator("#q-first button").click()
    expect(page.locator("#q-first .chosen").first).to_be_visible()
    names, kept = page.evaluate(KEPT)
    assert len(names) == 1
    assert "/pages/under-the-hood/" in kept
    assert page.locator(".offline-note").is_hidden()

    running.stop()
    page.goto(running.url + LESSON)
    expect(page.locator(".offline-note")).to_contain_text("The course is not running")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#q-first form")).to_be_visible()  # nothing personal was kept
    page.goto(running.url + "/pages/under-the-hood/")
    expect(page.locator("article")).to_be_visible()
    fonts = "[...document.fonts].filter(each => each.status === 'loaded').length"
    assert page.evaluate(fonts) > 0, "styles and fonts were kept too"
    page.goto(running.url + "/yours/")
    expect(page.locator("h1")).to_have_text("The course is not running")
    page.get_by_role("link", name="The contents").click()
    expect(page.locator(".lessons")).to_be_visible()

    serve("--port", port)
    page.goto(running.url + LESSON)
    expect(page.locator(".offline-note")).to_be_hidden()
    expect(page.locator("#q-first .chosen").first).to_be_visible()


def test_what_needs_no_server_works_with_the_server_stopped(page: Page, serve: Serve) -> None:
    running = serve("--port", str(free()), lessons=ROOT / "lessons")
    page.goto(running.url + "/offline")
    page.evaluate(KEPT)
    running.stop()
    page.goto(running.url + "/visual/02-upgrade/")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("[data-count]")).to_have_text("2 of 15")
    page.goto(running.url + "/perf/")
    expect(page.locator(".lab .offline-only")).to_have_text(
        "A run needs the course, which is not running. The recorded runs below tell the same story."
    )
    expect(page.get_by_role("button", name="Start the run")).to_be_hidden()
    page.locator("[data-draw]").first.click()
    expect(page.locator("[data-caption]")).to_contain_text("Recorded: threading, 10 clients")
    page.goto(running.url + "/why/")
    expect(page.locator(".lab .offline-only")).to_have_text(
        "The laboratory needs the course, which is not running. What it counts was also measured"
        " in a real run; the figures are below."
    )
    expect(page.locator(".lab button:visible")).to_have_count(0)
    expect(page.locator("figure.code button")).to_have_count(0)
    page.get_by_label("A reader would notice a delay of five seconds.").check()
    expect(page.locator("[data-decision]")).to_contain_text("1 for a line, 0 for asking.")
    page.goto(running.url + "/search")
    page.get_by_role("link", name="Troubleshooting").last.click()
    expect(page.locator("h1")).to_have_text("Troubleshooting")


def test_a_new_edition_takes_the_place_of_the_old_one(page: Page, serve: Serve) -> None:
    running = serve("--port", str(free()))
    page.route("**/blank", lambda asked: asked.fulfill(content_type="text/html", body=BLANK))
    page.goto(running.url + "/blank")  # a page of this origin that registers nothing
    page.evaluate(
        """async () => {
            const old = await caches.open('course-of-yesterday');
            await old.put('/lessons/01-greeting/', new Response('<html >an old text'));
        }"""
    )
    page.goto(running.url)
    page.evaluate(DROPPED)
    names = page.evaluate("caches.keys()")
    assert len(names) == 1, names
    running.stop()
    page.goto(running.url + LESSON)
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text("an old text")).to_have_count(0)
