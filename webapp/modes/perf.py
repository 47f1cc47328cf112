"""The Perf mode: what limits each async mode, and a lab in which it can be seen."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request
from flask_socketio import Namespace, SocketIO
from markupsafe import Markup
from socketio.exceptions import ConnectionRefusedError

from checker.load import LoadError, Plan, run_load
from checker.stage.channel import Cancelled
from checker.stage.pool import Pool
from webapp import door
from webapp.limits import Limiter
from webapp.modes.lab import SECONDS, Lab, load_lab
from webapp.reading.prose import render
from webapp.rooms import Rooms

bp = Blueprint("perf", __name__, url_prefix="/perf")

KEY = "perf"
RUNS_PER_MINUTE = 6
STARTING = 1
"""Seconds that a server takes to start."""
MOST_LINES_EACH = 4
"""Connections to this namespace, for each learner."""

log = logging.getLogger(__name__)


def install(app: Flask, socketio: SocketIO, here: Rooms, pool: Pool) -> Callable[[], None]:
    """Put the lab in its place; return what ends it."""
    lab = load_lab(here.course)
    app.extensions[KEY] = lab
    if lab is None:
        return lambda: None
    bench = LoadBench(here, lab, pool)
    socketio.on_namespace(bench)
    return bench.close


@bp.get("/")
def index() -> str:
    """The lab with a program chosen, the text, and what was measured before."""
    lab = _lab()
    mode = request.args.get("mode", lab.modes[0].slug)
    pattern = request.args.get("pattern", lab.patterns[0].slug)
    try:
        program = lab.program(mode, pattern)
    except KeyError:
        abort(404)
    return render_template(
        "perf.html",
        lab=lab,
        mode=mode,
        pattern=pattern,
        program=program,
        said=next(each.says for each in lab.patterns if each.slug == pattern),
        text=_text(lab.text),
        seconds=SECONDS,
        names={each.slug: each.name for each in lab.patterns},
    )


@bp.get("/recorded.json")
def recorded() -> Response:
    """All samples of the recorded runs."""
    return cast("Response", current_app.json.response(_lab().recorded))


@lru_cache(maxsize=4)
def _text(markdown: str) -> Markup:
    return render(markdown).html


def _lab() -> Lab:
    lab = current_app.extensions.get(KEY)
    if lab is None:
        abort(404)
    return cast("Lab", lab)


class BadOrder(ValueError):
    """A run that cannot be had; the message is for the learner."""


@dataclass(eq=False, slots=True)
class Run:
    """One run of the lab, for one open page."""

    sid: str
    learner: int
    cancel: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> int:
        """Seconds until it is over, or a little more."""
        return max(1, math.ceil(self.began + SECONDS + STARTING - time.monotonic()))


class LoadBench(Namespace):
    """The lab's events: ``start`` and ``stop``; a page is told ``sample`` and ``ended``.

    One run at a time, whoever asks: two would measure each other.
    """

    def __init__(self, here: Rooms, lab: Lab, pool: Pool) -> None:
        super().__init__("/perf")
        self._rooms, self._lab, self._pool = here, lab, pool
        self._lock = threading.RLock()  # telling a page may find that it is gone
        self._lines: dict[str, int] = {}
        self._run: Run | None = None
        self._thread: threading.Thread | None = None
        self._pace = Limiter(RUNS_PER_MINUTE / 60, RUNS_PER_MINUTE / 2)
        self._events = Limiter(here.config.events_per_second, here.config.events_per_second * 5)

    def close(self) -> None:
        """End the run that goes on."""
        with self._lock:
            run, thread = self._run, self._thread
        if run is not None:
            run.cancel.set()
        if thread is not None:
            thread.join(10)

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Let an event through if its sender keeps within the limits."""
        if event in ("connect", "disconnect") or self._events.allows(args[0]):
            return super().trigger_event(event, *args)
        return {"ok": False, "error": door.TOO_MANY_MESSAGES}

    def on_connect(self, auth: object = None) -> None:
        """Take a place for a connection of a known host name, with a cookie."""
        learner, _ = door.welcome()
        with self._lock:
            door.clear(self._lines, self)
            if sum(each == learner for each in self._lines.values()) >= MOST_LINES_EACH:
                raise ConnectionRefusedError(door.TOO_MANY_PAGES)
            self._lines[door.sid()] = learner

    def on_disconnect(self, reason: object = None) -> None:
        """Give the place back, and end the run of this page."""
        with self._lock:
            self._lines.pop(door.sid(), None)
        self._end(door.sid())

    def on_start(self, message: Any = None) -> dict[str, Any]:
        """Begin a run; the answer says why not, where it cannot be had."""
        try:
            self._begin(message if isinstance(message, dict) else {})
        except BadOrder as problem:
            return {"ok": False, "error": str(problem)}
        return {"ok": True}

    def on_stop(self, message: Any = None) -> dict[str, Any]:
        """End the run of this page."""
        self._end(door.sid())
        return {"ok": True}

    def _begin(self, message: dict[str, Any]) -> None:
        mode, pattern, clients = (message.get(key) for key in ("mode", "pattern", "clients"))
        if not isinstance(clients, int) or clients not in self._lab.clients:
            raise BadOrder("Choose one of the numbers of clients that the page offers.")
        try:
            program = self._lab.program(str(mode), str(pattern))
        except KeyError:
            raise BadOrder("Choose a mode and a program that the page offers.") from None
        with self._lock:
            learner = self._lines.get(door.sid())
            if learner is None:
                raise BadOrder("The connection is gone. Load the page again.")
            if self._run is not None and self._run.learner == learner:
                raise BadOrder("A run of yours still goes on. Stop it first.")
            if self._run is not None:
                rest = f"for about {self._run.left} s more"
                raise BadOrder(f"Someone else's run goes on, {rest}. Then start yours.")
            wait = self._pace.wait(learner)
            if wait:
                raise BadOrder(f"That was quick. You can start again in {math.ceil(wait)} s.")
            run = self._run = Run(door.sid(), learner)
            plan = Plan(clients, SECONDS, disturb=self._lab.disturb(str(pattern)))
            work = (run, program, plan)
            self._thread = threading.Thread(target=self._carry_out, args=work, daemon=True)
            self._thread.start()

    def _end(self, sid: str) -> None:
        with self._lock:
            if self._run is not None and self._run.sid == sid:
                self._run.cancel.set()

    def _carry_out(self, run: Run, program: str, plan: Plan) -> None:
        news: dict[str, Any] = {"why": "over"}
        try:
            files = {"app.py": program.encode()}
            for sample in run_load(self._pool, files, plan, cancel=run.cancel):
                self.emit("sample", asdict(sample), room=run.sid)
        except Cancelled:
            news = {"why": "stopped"}
        except LoadError as problem:
            news = {"why": "failed", "error": str(problem)}
        except Exception:
            log.exception("A run of the lab broke.")
            news = {"why": "failed", "error": "The lab had a fault. Try again."}
        finally:
            with self._lock:  # or the end would be taken for that of the run that comes next
                self._run = None
                self.emit("ended", news, room=run.sid)
