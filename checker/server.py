"""The learner's script, run for real: until it ends, or as a server with real clients."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from checker.check import Crash, Failure, TimedOut
from checker.client import ORDER_TIMEOUT, Client
from checker.link import Link, line_number, shape
from checker.loading import DEFAULT_PATH
from checker.page import Page
from checker.report import Json, bounded
from checker.stage.sandbox import Places

MOST_STYLE = 4_000
"""Characters of a style sheet that are compared."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer over HTTP.

    If it tells of an exception, ``line`` is the learner's own line, and ``advice`` the cause and
    the fix of a known one.
    """

    status: int
    text: str
    headers: dict[str, str]
    line: int | None = None
    advice: str | None = None

    @classmethod
    def read(cls, answer: Mapping[str, Any], link: Link | None = None) -> Response:
        """Read an observed answer; raise `Crash` where its shape is another.

        ``link`` knows the script whose lines are meant, and the errors that have an explanation.
        """
        headers = shape(dict, answer.get("headers"))
        response = cls(
            shape(int, answer.get("status")),
            shape(str, answer.get("text")),
            {str(name): str(value) for name, value in headers.items()},
        )
        if answer.get("raised") is None or link is None:
            return response
        raised = shape(dict, answer["raised"])
        said = f"{raised.get('type')}: {raised.get('text')}"
        line = _line_in(raised, link.watch.entry)
        return replace(response, line=line, advice=link.advice(said))


def _line_in(raised: Mapping[str, Any], entry: str) -> int | None:
    frames = [shape(dict, frame) for frame in shape(list, raised.get("frames"))]
    lines = [line_number(frame.get("line")) for frame in frames if frame.get("file") == entry]
    return lines[-1] if lines else None


@dataclass(frozen=True, slots=True)
class Finished:
    """A script that ran to its end. A negative ``exit_code`` is the signal that stopped it."""

    exit_code: int
    stdout: str
    stderr: str


def finish(link: Link, timeout: float) -> Finished:
    """Wait for the started script to end; raise `TimedOut` when it does not."""
    answer = link.ask("running", timeout + 5, do="finished", timeout=link.watch.left(timeout))
    if answer.get("exit") is None:
        printed = bounded(str(answer.get("stdout", "")) + str(answer.get("stderr", "")))
        raise TimedOut(
            f"Your script was still running after {timeout:g} seconds."
            + (f" It had printed: {printed}" if printed else " It had printed nothing."),
            help="This script is to end by itself: take out what waits, loops or starts a server.",
        )
    return Finished(
        shape(int, answer["exit"]),
        shape(str, answer.get("stdout")),
        shape(str, answer.get("stderr")),
    )


class Server:
    """The learner's script as a running server, on whatever host and port it chose."""

    def __init__(
        self, link: Link, places: Places, timeout: float, path: str = DEFAULT_PATH
    ) -> None:
        """Wait until the started script listens; raise `Failure` when it does not."""
        self._link = link
        self._places = places
        self._path = path
        answer = link.ask("starting", timeout + 5, do="listening", timeout=link.watch.left(timeout))
        if "port" not in answer:
            raise self._not_listening(answer, timeout)
        self.host = shape(str, answer["host"])
        self.port = shape(int, answer["port"])

    def _not_listening(self, answer: Any, timeout: float) -> Failure:
        line, place = self._link.last_line(self.output)
        advice = self._link.advice()
        last = (self.output.strip().splitlines() or [""])[-1]
        quoted = f" The last line that it printed: {bounded(last)}" if last else ""
        if "ended" not in answer:
            return TimedOut(
                f"Your script ran for {timeout:g} seconds and no server listened.{quoted}",
                help=advice or "Start the server in the last line of the script.",
                line=line,
            )
        if answer["ended"] == 0:
            return Failure(
                f"Your script ended without starting a server.{quoted}",
                help=advice or "Start the server in the `if __name__ == '__main__':` block.",
                line=line,
            )
        return Crash(
            f"Your script ended before a server listened (exit status {answer['ended']})."
            f"{quoted}{place}",
            help=advice or _what_to_read(last, line),
            line=line,
        )

    @property
    def url(self) -> str:
        """Where the server answers."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def output(self) -> str:
        """What the script printed so far."""
        return self._link.printed

    def wait_output(self, text: str, within: float = 1.0) -> bool:
        """Wait until ``text`` was printed; what a handler prints may come after its answer."""
        end = time.monotonic() + within
        while text not in self.output:
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    def get(self, path: str = "/", *, method: str = "GET", timeout: float = 5.0) -> Response:
        """Ask the server for a page over HTTP."""
        answer = self._link.ask(
            f"answering a request for {path}",
            timeout + 2,
            do="http",
            path=path,
            method=method,
            timeout=timeout,
        )
        if "error" in answer:
            raise TimedOut(
                f"Your server took the request for {path} and did not answer: "
                f"{bounded(str(answer['error']))}.",
                help=self._link.advice()
                or "Look for a handler or a route that does not come back.",
            )
        if "strange" in answer:
            raise Failure(
                f"Your server answered a request for {path}, and what it said is no HTTP: "
                f"{bounded(str(answer['strange']), 200)}.",
                help=self._link.advice() or "Let the app itself start the server.",
            )
        return Response.read(answer)

    @property
    def debugger(self) -> bool:
        """Whether Werkzeug's debugger answers, as it does with ``debug=True`` in every mode.

        It has a style sheet of its own, and none of a name that nobody can know.
        """
        asked = "/?__debugger__=yes&cmd=resource&f="
        page = self.get(f"{asked}style.css")
        if page.status != 200 or self.get(f"{asked}{secrets.token_hex(6)}.css").status != 404:
            return False
        return len(page.text) > 500 and _style_of_debugger().startswith(page.text[:MOST_STYLE])

    def connect(
        self,
        transport: str = "websocket",
        namespace: str = "/",
        *,
        auth: Json = None,
        timeout: float = 3.0,
        help: str | None = None,
    ) -> Client:
        """Connect a real client over ``polling`` or ``websocket``; raise `Failure` if refused.

        ``any`` tries one after the other.
        """
        if transport == "any":
            try:
                return self.connect("polling", namespace, auth=auth, timeout=timeout, help=help)
            except Failure:
                transport = "websocket"
        answer = self._link.ask(
            f"a client connected over {transport}",
            timeout + ORDER_TIMEOUT,
            do="connect",
            transport=transport,
            namespace=namespace,
            path=self._path,
            auth=auth,
            timeout=timeout,
        )
        client = Client(self._link, _number(answer), namespace, answer, live=True)
        if not client.connected:
            line, place = self._link.last_line(self.output)
            raise Failure(
                f"A client could not connect over {transport}: "
                f"{bounded(str(answer.get('error')))}.{place}",
                help=self._link.advice() or help or "Start the app with socketio.run(app).",
                line=line,
                expected=f"connected over {transport}",
                observed=str(answer.get("error"))[:300],
            )
        return client

    def page(self, path: str = "/", *, witness: bool = False) -> Page:
        """Open a page of the server in a real JavaScript engine.

        With ``witness``, a relay of ours stands between page and server: it writes down every
        packet and marks the texts of ``response`` events with `Page.mark`.
        """
        mark = f" {secrets.token_hex(4)}" if witness else None
        # A page may name the host that the script printed, and browsers compare letter by letter.
        printed = f"http://localhost:{self.port}" in self.output
        url = f"http://localhost:{self.port}" if printed else self.url
        return Page(self._link, self._places, url + path, url.removeprefix("http://"), mark)


def _what_to_read(last: str, line: int | None) -> str:
    if not last:
        return "It printed nothing. Look for what ends it, such as `exit()`."
    return f"Read the last lines that it printed{'; the line named is yours' if line else ''}."


def _number(answer: Any) -> int:
    return shape(int, answer.get("client")) if "client" in answer else 0


def _style_of_debugger() -> str:
    """The style sheet of the installed Werkzeug, which is the one that apps are run with."""
    found = find_spec("werkzeug")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "debug" / "shared" / "style.css"
    return path.read_text("utf-8")
