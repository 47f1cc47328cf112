"""Play a scenario of ``lessons/modes/visual`` with real pages on a real server, and write it down.

A scenario's acts: ``open`` the page, ``wait`` until something holds there, ``run`` a script there,
``rest`` some seconds, ``begin`` (what came before is left out), ``cut`` and ``mend`` the lines.
"""

from __future__ import annotations

import platform
import re
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.recorder.relay import OUT, Relay
from tests.recorder.streams import Wired, messages

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "lessons"
SCENARIOS = LESSONS / "modes" / "visual"
CLIENT_VERSION = "4.8.1"
CLIENT = ROOT / f"checker/stage/page/dist/library/socket.io-{CLIENT_VERSION}/socket.io.min.js"
PACKAGES = ("flask", "flask-socketio", "python-socketio", "python-engineio", "simple-websocket")
HEADERS = {
    "request": ("host", "origin", "content-type", "content-length", "connection", "upgrade"),
    "response": ("content-type", "content-length", "connection", "upgrade"),
}
WEBSOCKET = "sec-websocket-"
ONE_PAGE = ("Page",)


class Player:
    """The pages of one scenario, each behind a relay of its own."""

    def __init__(self, browser: Browser, names: list[str], port: int) -> None:
        """Make the pages; none is open yet."""
        self.relays = {name: Relay(port) for name in names}
        self._pages = {name: _page(browser) for name in names}
        self._first = names[0]
        self.began = time.monotonic()
        self.notes: list[tuple[float, str]] = []

    def play(self, act: dict[str, Any]) -> None:
        """Do one act."""
        name = act.get("page", self._first)
        page, relay = self._pages[name], self.relays[name]
        match act["do"]:
            case "open":
                page.goto(f"http://127.0.0.1:{relay.port}/")
            case "wait":
                page.wait_for_function(act["until"], timeout=15_000)
            case "run":
                page.evaluate(f"() => {{ {act['script']} }}")
            case "rest":
                page.wait_for_timeout(act["seconds"] * 1000)
            case "begin":
                self.began = time.monotonic()
            case "cut" | "mend":
                self.notes.append((time.monotonic(), act["do"]))
                relay.cut() if act["do"] == "cut" else relay.mend()
            case other:
                raise ValueError(f"There is no act {other!r}.")

    def steps(self) -> list[dict[str, Any]]:
        """Return what passed since `began`, in order, with seconds since then."""
        found = [
            (message.at, _step(name, message, asked))
            for name, relay in self.relays.items()
            for message, asked in _kept(messages(relay.chunks()), self.began)
        ]
        found += [(at, {"kind": kind}) for at, kind in self.notes if at >= self.began]
        found.sort(key=lambda pair: pair[0])
        zero = found[0][0] if found else self.began
        return [{"at": round(at - zero, 4), **step} for at, step in _told(found)]

    def close(self) -> None:
        """End pages and relays."""
        for page in self._pages.values():
            page.context.close()
        for relay in self.relays.values():
            relay.close()


def record(folder: Path, browser: Browser) -> dict[str, Any]:
    """Play the scenario in ``folder`` and return its recording."""
    scenario = tomllib.loads((folder / "scenario.toml").read_text("utf-8"))
    source = LESSONS / scenario["lesson"] / "solution" if "lesson" in scenario else folder
    names = scenario.get("pages", list(ONE_PAGE))
    with ExitStack() as stack:
        port = stack.enter_context(_hosted(source))
        player = Player(browser, names, port)
        stack.callback(player.close)
        for act in scenario["act"]:
            player.play(act)
        steps = player.steps()
    return {
        "recorded": time.strftime("%Y-%m-%d", time.gmtime()),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in PACKAGES},
            "socket.io-client": CLIENT_VERSION,
            "chromium": browser.version,
        },
        "pages": names,
        "steps": steps,
    }


def shape(recording: dict[str, Any]) -> list[str]:
    """Return what must be the same in every recording of a scenario: no times, no secrets."""
    return [_shape(step) for step in recording["steps"]]


def _shape(step: dict[str, Any]) -> str:
    line = re.sub(r"([?&](?:t|sid)=)[^&\s]+", r"\1*", step.get("line", ""))
    body = re.sub(r'"sid":"[^"]+"', '"sid":"*"', step.get("text", step.get("bytes", "")))
    where = (step.get("page", ""), step.get("direction", ""), step["kind"])
    return " ".join(filter(None, (*where, line, body[:200])))


@contextmanager
def _hosted(folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, str(Path(__file__).with_name("host.py")), str(folder), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        process.kill()
        process.wait()


def _await(port: int) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("The scenario's server did not start.")


def _page(browser: Browser) -> Page:
    page = browser.new_context().new_page()
    script = CLIENT.read_text("utf-8")
    page.route(
        "https://cdn.socket.io/**",
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    return page


def _kept(found: list[Wired], began: float) -> Iterator[tuple[Wired, str]]:
    """Yield what belongs to the recording, each response with the line of its request.

    A request that is still held when the recording begins belongs to it.
    """
    asked: dict[int, str] = {}
    held = {m.connection: m for m in found if m.kind == "request" and m.at < began}
    for message in found:
        if message.kind == "response" and message.at < began:
            held.pop(message.connection, None)
    for message in found:
        if message.kind == "request" and message.head:
            asked[message.connection] = message.head[0]
        late = message.at >= began and (message.size > 0 or message.kind == "end")
        if late or message in held.values():
            yield message, asked.get(message.connection, "")


def _told(found: list[tuple[float, dict[str, Any]]]) -> Iterator[tuple[float, dict[str, Any]]]:
    """Leave out the ends of connections that had their say: an end counts only for a try."""
    used: set[tuple[str, int]] = set()
    for at, step in found:
        key = (step.get("page", ""), step.get("connection", 0))
        if step["kind"] != "end":
            used.add(key)
            yield at, step
        elif key not in used and step["direction"] == OUT and not step["asked"]:
            yield at, {**step, "kind": "failed"}


def _step(page: str, message: Wired, asked: str) -> dict[str, Any]:
    step: dict[str, Any] = {
        "page": page,
        "connection": message.connection,
        "direction": message.direction,
        "kind": message.kind,
        "size": message.size,
        "asked": asked,
    }
    if message.kind not in ("response", "end"):
        del step["asked"]
    if message.head:
        line, headers = message.head
        kept = HEADERS[message.kind]
        shown = {n: v for n, v in headers.items() if n in kept or n.startswith(WEBSOCKET)}
        step |= {"line": line, "headers": shown}
    if isinstance(message.body, bytes):
        step["bytes"] = message.body.hex()
    elif message.body and "<html" not in message.body:
        step["text"] = message.body
    return step
