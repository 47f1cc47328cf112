"""``python -m tests.recorder.measure``: run the Why mode's laboratory, and count on the wire.

Writes ``lessons/modes/why/figures.json``, and prints how near the page's own count came.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import CHROMIUMS
from tests.recorder.relay import Chunk, Relay
from tests.recorder.streams import messages
from tests.webapp.served import Served, free

LESSONS = Path(__file__).parents[2] / "lessons"
FIGURES = LESSONS / "modes" / "why" / "figures.json"
SECONDS = 40
CASES = ((2, 1, "plain"), (2, 5, "plain"), (20, 10, "plain"), (20, 10, "tag"), (20, 1, "keep"))
WAYS = {"plain": "asking", "tag": "asking, with ETag", "keep": "asking, answers kept 5 s"}
PACKAGES = ("flask", "flask-socketio", "python-engineio", "simple-websocket", "werkzeug")


def main() -> None:
    """Measure every case, and write what was measured."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        served = Served(Path(folder), "--port", str(free()), lessons=LESSONS)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        runs = [
            run
            for case in CASES
            for run in _measured(browser, int(served.url.rsplit(":", 1)[1]), *case)
        ]
        chromium = browser.version
        browser.close()
        served.stop()
    versions = {**{name: version(name) for name in PACKAGES}, "chromium": chromium}
    recorded = time.strftime("%Y-%m-%d", time.gmtime())
    figures = {"recorded": recorded, "versions": versions, "seconds": SECONDS, "runs": runs}
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _measured(
    browser: Browser, port: int, every: float, asks: float, how: str
) -> Iterator[dict[str, Any]]:
    relay = Relay(port)
    page = browser.new_context().new_page()
    page.goto(f"http://127.0.0.1:{relay.port}/why/")
    page.locator("[name=every]").select_option(f"{every:g}")
    page.locator("[name=asks]").fill(f"{asks:g}")
    page.locator("[name=how]").select_option(how)
    page.locator("[data-run]").click()
    page.wait_for_timeout(SECONDS * 1000)
    page.locator("[data-run]").click()
    page.wait_for_timeout(500)
    asked, told = _bytes(relay.chunks())
    for side, counted in (("poll", asked), ("push", told)):
        own = sum(int(_shown(page, side, name).replace(",", "")) for name in ("up", "down"))
        print(f"{every} s, {asks} s, {how}, {side}: {counted} on the wire, {own} by the page")
    yield {"every": every, "asks": asks, "way": WAYS[how], **_row(page, "poll", asked)}
    if how == "plain" and asks != 5:
        yield {"every": every, "asks": None, "way": "told", **_row(page, "push", told)}
    page.context.close()
    relay.close()


def _row(page: Page, side: str, counted: int) -> dict[str, Any]:
    late = _shown(page, side, "mean")
    number = float(late.split(" ")[0]) if late[0].isdigit() else 0.0
    return {
        "requests": int(_shown(page, side, "requests")),
        "news": int(_shown(page, side, "news")),
        "bytes": counted,
        "late": round(number * (1 if late.endswith("ms") else 1000)),
    }


def _shown(page: Page, side: str, name: str) -> str:
    return page.locator(f"[data-{side}={name}]").inner_text()


def _bytes(chunks: list[Chunk]) -> tuple[int, int]:
    """Return the bytes of all questions with their answers, and of the WebSocket.

    The first three questions only compare the clocks; they do not count.
    """
    lines: dict[int, str] = {}
    sizes: dict[str, list[int]] = {"asked": [], "told": []}
    for message in messages(chunks):
        if message.kind == "request" and message.head:
            lines[message.connection] = message.head[0]
        line = lines.get(message.connection, "")
        if "transport=websocket" in line:
            sizes["told"].append(message.size)
        elif "/why/value" in line and message.size:
            sizes["asked"].append(message.size)
    return sum(sizes["asked"][6:]), sum(sizes["told"])


if __name__ == "__main__":
    main()
