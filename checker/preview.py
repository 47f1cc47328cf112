"""The learner's own app, running for browsers: ``python app.py`` behind the walls, kept alive.

Whoever accepts a browser's connection hands it in with `Preview.let_in`; a relay inside passes it
on to wherever the app listens, and every packet is written down.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from checker.link import Link, Watch
from checker.packets import Passed, passed
from checker.stage.channel import Cancelled, StageGone, StageTimeout, encode
from checker.stage.pool import Pool
from checker.submission import Submission

Reason = Literal["ended", "stopped", "replaced", "left", "check", "idle", "old", "broken"]

WAIT = 0.15
"""Seconds between two looks at what the app printed, while nothing passes."""
SILENT_SECONDS = 8.0
"""Seconds after which an app that does not listen is told of."""
TAIL = 20_000
MAX_CHUNK = 20_000
"""Characters of output in one piece of news; of more, the beginning is left out."""
_LOCALHOST, _NUMBERS = re.compile(rb"//localhost\b"), re.compile(rb"//127\.0\.0\.1\b")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an app may run: at most ``total`` seconds, and ``idle`` with nothing passing.

    ``memory`` is in MiB, ``cpu`` in seconds of processor time.
    """

    total: float = 3600.0
    idle: float = 600.0
    memory: int = 1024
    cpu: int = 300


@dataclass(frozen=True, slots=True)
class Output:
    """What the app printed, standard output and error together."""

    text: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """What passed; ``lost`` more were too many to be written down."""

    passed: tuple[Passed, ...]
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Listening:
    """The app can be visited; ``address`` is its own, as it would be when run for real."""

    address: str


@dataclass(frozen=True, slots=True)
class Silent:
    """The app runs, and no server listens; ``last`` is the last line that it printed."""

    last: str
    help: str | None


@dataclass(frozen=True, slots=True)
class Gone:
    """The app runs no more. ``line`` is the learner's own, where its error came from."""

    reason: Reason
    message: str
    help: str | None = None
    line: int | None = None
    exit: int | None = None


News: TypeAlias = Output | Traffic | Listening | Silent | Gone

_SENTENCES: Mapping[Reason, str] = {
    "stopped": "Your app was stopped.",
    "replaced": "You have run another app since, so this one was stopped.",
    "check": "Your app was stopped so that a check could use its port. Run it again.",
    "left": "Your app was stopped when you left the page.",
    "broken": "Your app was stopped: the preview had a fault. Run it again.",
}

_READ = "Read the last lines that it printed: the last one says what went wrong."
_WORDLESS = "It printed nothing. Look for a line that ends the program, such as `sys.exit()`."
_UNSERVED = (
    "To have a page here, the file must start a server when it is run: with `app.run()`, "
    "or with `socketio.run(app)` where there is a SocketIO object."
)
_UNHEARD = (
    "If a server should listen by now, look above the line that starts it: for a loop that "
    "does not end, a long wait, or a question to the keyboard."
)


class Preview:
    """One app, run once. `events` runs it; the other methods may be called from any thread."""

    def __init__(
        self, submission: Submission, pool: Pool, *, lesson: int = 99, limits: Limits | None = None
    ) -> None:
        """Prepare. Explanations use the words that ``lesson`` has taught."""
        self._submission = submission
        self._pool = pool
        self._limits = limits or Limits()
        self._watch = Watch(lesson=lesson, entry=submission.entry)
        self._cancel = threading.Event()
        self._reason: Reason = "stopped"
        self._door, self._inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._door.setblocking(False)
        self._used = time.monotonic()
        self._tail = ""

    def let_in(self, connection: socket.socket, user: int) -> bool:
        """Hand in a browser's connection of ``user`` (1, 2, …); the caller closes its own copy.

        False when it cannot be taken: the app has ended, or too many wait already.
        """
        try:
            socket.send_fds(self._door, [bytes([user])], [connection.fileno()])
        except OSError:
            return False
        return True

    def stop(self, reason: Reason = "stopped") -> None:
        """End the app; `events` then ends with this reason."""
        if not self._cancel.is_set():
            self._reason = reason
            self._cancel.set()

    def events(self) -> Iterator[News]:
        """Run the app, and yield what happens; the last is `Gone`, and then nothing is left."""
        try:
            with self._pool.script_stage(cancel=self._cancel, waits=False) as stage:
                link = Link(stage, self._watch, ours=True)
                self._start(stage.channel)
                yield from self._run(stage.channel, link)
        except Cancelled:
            yield Gone(self._reason, _SENTENCES[self._reason])
        except (StageGone, StageTimeout, OSError, KeyError):
            yield Gone("broken", _SENTENCES["broken"])
        finally:
            self._door.close()
            self._inside.close()

    def _start(self, channel: Any) -> None:
        python = self._pool.own_python or self._pool.places.python
        order = {
            "do": "preview",
            "library": f"{self._pool.places.page}/library",
            "name": self._name(),
            "files": encode(self._submission.files),
            "command": [python, self._submission.entry],
            "env": self._environment(),
            "memory": self._limits.memory,
            "cpu": self._limits.cpu,
        }
        _ok(channel.ask(order, 20.0, [self._inside.fileno()]))

    def _name(self) -> str:
        """How the app's own files name this machine: a page may be made for one name only."""
        text = b"\n".join(self._submission.files.values())
        return "localhost" if _LOCALHOST.search(text) and not _NUMBERS.search(text) else "127.0.0.1"

    def _environment(self) -> dict[str, str]:
        taught = "" if self._pool.own_python else self._pool.places.taught
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": taught,
        }

    def _run(self, channel: Any, link: Link) -> Iterator[News]:
        began = self._used = time.monotonic()
        address, told = "", False
        while True:
            if self._cancel.is_set():
                raise Cancelled
            found = _ok(channel.ask({"do": "news", "wait": WAIT}, 30.0))
            if not address and not told:
                self._used = time.monotonic()  # what is only starting cannot be used yet
            yield from self._output(channel)
            yield from self._traffic(found)
            if isinstance(found.get("at"), str) and found["at"] != address:
                address = found["at"]
                yield Listening(f"http://{address}/")
            if isinstance(found.get("exit"), int):
                yield from self._output(channel)
                yield self._ended(found["exit"], link)
                return
            if not address and not told and time.monotonic() - began > SILENT_SECONDS:
                told = True
                yield Silent(self._last_line(), link.advice(self._tail) or _UNHEARD)
            if (late := self._late(began)) is not None:
                yield late
                return

    def _output(self, channel: Any) -> Iterator[Output]:
        if text := channel.take_printed():
            self._tail = (self._tail + text)[-TAIL:]
            left_out = len(text) - MAX_CHUNK
            if left_out > 0:
                text = f"… ({left_out:,} characters were left out)\n" + text[-MAX_CHUNK:]
            yield Output(text)

    def _traffic(self, found: Mapping[str, Any]) -> Iterator[Traffic]:
        records = found.get("records")
        noted = [passed(item) for item in records] if isinstance(records, list) else []
        seen = tuple(item for item in noted if item is not None)
        if any(item.meaning is None or item.meaning.kind not in ("ping", "pong") for item in seen):
            self._used = time.monotonic()
        if seen or found.get("lost"):
            yield Traffic(seen, int(found.get("lost") or 0))

    def _late(self, began: float) -> Gone | None:
        now = time.monotonic()
        if now - began > self._limits.total:
            minutes = round(self._limits.total / 60)
            return Gone("old", f"Your app was stopped after {minutes} minutes. Run it again.")
        if now - self._used > self._limits.idle:
            minutes = round(self._limits.idle / 60)
            return Gone("idle", f"Your app was stopped: nobody used it for {minutes} minutes.")
        return None

    def _ended(self, status: int, link: Link) -> Gone:
        line, place = link.last_line(self._tail)
        help = link.advice(self._tail)
        if help is None:
            help = self._what_now(status)
        return Gone("ended", _how(status, self._limits) + place, help, line, status)

    def _what_now(self, status: int) -> str | None:
        """Return what to do about an end that no known trap explains."""
        if status > 0:
            return _READ if self._tail.strip() else _WORDLESS
        sources = (data for name, data in self._submission.files.items() if name.endswith(".py"))
        served = status == 0 and any(b"Flask(" in data for data in sources)
        return _UNSERVED if served else None

    def _last_line(self) -> str:
        return (self._tail.strip().splitlines() or [""])[-1][:300]


def _how(status: int, limits: Limits) -> str:
    if status == 0:
        return "Your app ended by itself: it came to its last line, and no server was left running."
    if status in (-24, -9):
        return (
            "Your app was ended from outside: it had used more than "
            f"{limits.cpu} seconds of processor time, or more memory than there is."
        )
    if status < 0:
        return f"Your app was ended by signal {-status}."
    return f"Your app ended with an error (exit status {status})."


def _ok(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    found = answer["ok"]
    if not isinstance(found, dict):
        raise KeyError("ok")
    return found
