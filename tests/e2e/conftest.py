"""A real browser on a real server."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.wire import Cut
from tests.webapp.served import Served, free
from tests.webapp.site import FIXTURES

ROOT = Path(__file__).parents[2]
NewPage = Callable[..., Page]
Serve = Callable[..., Served]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium. One for each file: Playwright can be started once at a time in a process."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small course, for tests that leave the server as it was: learners are many."""
    running = Served(
        tmp_path_factory.mktemp("data"), "--port", str(free()), lessons=FIXTURES / "course"
    )
    yield running
    running.stop()


@pytest.fixture(scope="session")
def real_course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The course itself."""
    running = Served(
        tmp_path_factory.mktemp("real"), "--port", str(free()), lessons=ROOT / "lessons"
    )
    yield running
    running.stop()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start servers on one database; they are stopped in the end."""
    running: list[Served] = []

    def start(*options: str, lessons: Path = FIXTURES / "course") -> Served:
        running.append(Served(tmp_path / "data", *options, lessons=lessons))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.stop()


@pytest.fixture
def cut(served: Served) -> Iterator[Cut]:
    """A line to the server that can be cut."""
    line = Cut(int(served.url.rsplit(":", 1)[1]))
    yield line
    line.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make browsers that share nothing. What they complain of fails the test in the end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    foreign: list[str] = []

    def make(**options: Any) -> BrowserContext:
        # Only tests/e2e/test_offline.py is about what a browser keeps.
        usual = {"viewport": {"width": 1280, "height": 800}, "service_workers": "block"}
        context = browser.new_context(**(usual | options))
        context.set_default_timeout(20_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda said: _note(complaints, said))
        context.on("request", lambda asked: _note_foreign(foreign, asked.url))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert foreign == []
    assert complaints == []


@pytest.fixture
def new_page(new_context: Callable[..., BrowserContext]) -> NewPage:
    return lambda **options: new_context(**options).new_page()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


def _note(complaints: list[str], said: Any) -> None:
    # A line that is cut on purpose refuses connections, and a limit is reached on purpose: the
    # browser notes both, and neither is a fault of the page.
    cut = "ERR_" in said.text or said.text.startswith("WebSocket connection to")
    cut = cut or "with a status of 429" in said.text
    blocked = said.text.startswith("Service Worker registration blocked")
    if said.type in ("error", "warning") and not cut and not blocked:
        complaints.append(f"{said.type}: {said.text}")


def _note_foreign(foreign: list[str], url: str) -> None:
    # A learner's own app has a name under localhost.
    if not re.match(r"(http|ws)://(127\.0\.0\.1|[0-9a-f]+\.localhost):|data:|blob:", url):
        foreign.append(url)
