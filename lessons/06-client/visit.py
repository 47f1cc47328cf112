"""A visit to the page: it is opened in a browser, left to itself, and used."""

import time

from checker import App, Page, Server

START = 20.0
"""Seconds for a server to come up: with debug mode on, two processes have to."""
ATTEMPTS = 8
"""Half seconds for a page to connect. It takes a tenth of a second; a busy machine takes more."""
ARRIVING = 5.0
"""Seconds for an event that the page has sent to reach the witness."""
SHOWN = 3.0
"""Seconds for an answer to come and to be shown."""


def opened(app: App, *, witness: bool = False) -> Page:
    """Open the page of the running server.

    In debug mode a first process may hold the port before a second one answers there, so the page
    is fetched once before the browser comes.
    """
    server: Server = app.serve(timeout=START, browser=True)
    server.get("/", timeout=START)
    return server.page(witness=witness)


def connects(page: Page) -> bool:
    """Whether the page connects by itself."""
    for _ in range(ATTEMPTS):
        if page.wait_connected(within=0.5):
            return True
        failed = [item for item in page.connections if item["problem"]]
        stuck = page.errors and not page.connections
        if stuck or len(failed) > 1 or "refused" in page.namespaces.values():
            return False
    return False


def use(app: App, page: Page) -> tuple[str, ...]:
    """Wait for a message that the page sends by itself, else type and press until one is sent."""
    if page.wait_sent("message", within=1.0):
        return ()
    did = page.interact(app.nonce("typed "), within=5)
    page.wait_sent("message", within=2.0)
    return did


def sent(page: Page) -> list[str]:
    """Names of the events that the witness saw; the page knows of its own a moment earlier."""
    on_its_way = page.wait_sent("message", within=0.05)
    end = time.monotonic() + ARRIVING
    names = [event.name for event in page.sent()]
    while on_its_way and "message" not in names and time.monotonic() < end:
        time.sleep(0.05)
        names = [event.name for event in page.sent()]
    return names
