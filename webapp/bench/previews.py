"""Learners' own apps, running for their browsers: at most one for each learner."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from checker.lesson import Lesson
from checker.preview import Gone, Limits, Listening, News, Output, Preview, Reason, Silent, Traffic
from checker.run import Pool
from checker.submission import Submission
from webapp.bench.gate import Gate
from webapp.bench.runs import TooMany
from webapp.config import LOOPBACK, Config

USERS = 2
"""Frames side by side, each with a host name and so with cookies of its own."""
KEPT = 50
"""Learners whose last app is remembered, with what passed."""
ROWS_KEPT = 500
OUTPUT_KEPT = 50_000
LABEL = 26
"""Hex digits of a host name's part that nobody can guess: 104 bits."""

Event: TypeAlias = dict[str, Any]
Tell: TypeAlias = Callable[["Running", Event], None]

log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Running:
    """One learner's app: what runs, and what a page that comes later must know."""

    learner: int
    place: str
    preview: Preview
    id: str = field(default_factory=lambda: secrets.token_urlsafe(6))
    state: Event = field(default_factory=lambda: {"kind": "starting"})
    address: str | None = None
    output: str = ""
    rows: deque[Event] = field(default_factory=lambda: deque(maxlen=ROWS_KEPT))
    over: bool = False
    told: int = 0
    """How many pieces of news there were; each has its number, from 1."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def snapshot(self) -> Event:
        """Return all that a page shows of it; ``told`` is the number of the last news in it."""
        with self.lock:
            return {
                "id": self.id,
                "place": self.place,
                "state": self.state,
                "address": self.address,
                "output": self.output,
                "rows": list(self.rows),
                "told": self.told,
            }

    def take(self, news: News) -> Event:
        """Keep what matters of a piece of news, and return it as the page gets it."""
        event = as_event(news)
        with self.lock:
            self.told += 1
            self._keep(news, event)
        return event

    def _keep(self, news: News, event: Event) -> None:
        if isinstance(news, Output):
            self.output = (self.output + news.text)[-OUTPUT_KEPT:]
        elif isinstance(news, Traffic):
            self.rows.extend(event["rows"])
        else:
            self.state = event
            self.over = isinstance(news, Gone)
            self.address = news.address if isinstance(news, Listening) else self.address


class Previews:
    """The apps of all learners that run, and the gate to them."""

    def __init__(self, pool: Pool, config: Config, tell: Tell) -> None:
        """``tell`` passes on what happens; it is called from each app's own thread."""
        self._pool, self._tell = pool, tell
        self._most = config.previews_at_once
        self._limits = Limits(total=config.preview_seconds, idle=config.preview_idle_seconds)
        self._origin = config.preview_origin
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._labels: dict[str, tuple[int, int]] = {}
        self._running: dict[int, Running] = {}
        self._threads: set[threading.Thread] = set()
        self._closed = False
        self._gate = Gate(self._let_in, config.preview_host, config.preview_port)

    def origins(self, token: str, host: str) -> list[str]:
        """Return the origins of a learner's frames, for a page of the course at ``host``.

        None when the course is open to other machines, and nobody has said under which name
        they reach previews (COURSE_PREVIEW_ORIGIN).
        """
        labels = [self._label(token, user) for user in range(1, USERS + 1)]
        if self._origin:
            return [self._origin.replace("*", label, 1) for label in labels]
        name = urlsplit(f"//{host}").hostname or ""
        if name not in {each.strip("[]") for each in LOOPBACK}:
            return []
        return [f"http://{label}.localhost:{self._gate.port}" for label in labels]

    def start(self, learner: int, token: str, lesson: Lesson, submission: Submission) -> Running:
        """Run a learner's app in place of what they ran before; raises TooMany."""
        with self._lock:
            others = [each for each in self._running.values() if each.learner != learner]
            busy = sum(not each.over for each in others) >= self._most
            if self._closed or busy or len(self._threads) >= 2 * self._most:
                raise TooMany("Too many apps run at the moment. Try again in a minute.")
            self.stop(learner, "replaced")
            preview = Preview(submission, self._pool, lesson=lesson.taught, limits=self._limits)
            running = Running(learner, lesson.slug, preview)
            self._running[learner] = running
            for user in range(1, USERS + 1):
                self._labels[self._label(token, user)] = (learner, user)
            self._forget_old()
            thread = threading.Thread(target=self._run, args=(running,), daemon=True)
            self._threads.add(thread)
            thread.start()
        return running

    def _forget_old(self) -> None:
        """Drop what is over, of the learners who ran something longest ago."""
        over = [learner for learner, each in self._running.items() if each.over]
        for learner in over[: max(0, len(self._running) - KEPT)]:
            del self._running[learner]
            gone = [label for label, (owner, _) in self._labels.items() if owner == learner]
            for label in gone:
                del self._labels[label]

    def current(self, learner: int) -> Running | None:
        """Return what a learner ran last, whether it still runs or not."""
        return self._running.get(learner)

    def stop(self, learner: int, reason: Reason = "stopped") -> None:
        """End a learner's app, if one runs."""
        running = self._running.get(learner)
        if running is not None:
            running.preview.stop(reason)

    def make_way(self) -> None:
        """End all apps where a check would meet them: without walls, all share one network."""
        if self._pool.sandbox == "process":
            for running in list(self._running.values()):
                running.preview.stop("check")

    def close(self) -> None:
        """End all apps and the gate."""
        with self._lock:
            self._closed = True
            threads = list(self._threads)
        for running in list(self._running.values()):
            running.preview.stop("stopped")
        self._gate.close()
        for thread in threads:
            thread.join(10)

    def _label(self, token: str, user: int) -> str:
        text = f"{user} {token}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:LABEL]

    def _let_in(self, label: str, connection: socket.socket) -> bool:
        learner, user = self._labels.get(label, (0, 0))
        running = self._running.get(learner)
        return running is not None and not running.over and running.preview.let_in(connection, user)

    def _run(self, running: Running) -> None:
        try:
            for news in running.preview.events():
                event = running.take(news)
                if not self._closed:
                    self._tell(running, event)
        except Exception:
            log.exception("A preview of %s broke.", running.place)
            self._tell(running, running.take(Gone("broken", "The preview had a fault.")))
        finally:
            running.over = True
            with self._lock:
                self._threads.discard(threading.current_thread())


def as_event(news: News) -> Event:
    """Return a piece of news as the page gets it (bench/preview.ts, PreviewEvent)."""
    match news:
        case Output(text):
            return {"kind": "output", "text": text}
        case Traffic(passed, lost):
            return {"kind": "traffic", "rows": [each.to_json() for each in passed], "lost": lost}
        case Listening(address):
            return {"kind": "listening", "address": address}
        case Silent(last, help):
            return {"kind": "silent", "last": last, "help": help}
        case Gone():
            fields = ("reason", "message", "help", "line", "exit")
            return {"kind": "gone", **{name: getattr(news, name) for name in fields}}


def describe(running: Running | None, place: str) -> Mapping[str, Any] | None:
    """Return what a page of ``place`` shows: nothing of an app of another place."""
    return running.snapshot() if running is not None and running.place == place else None
