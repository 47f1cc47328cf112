"""The workbench's side of the wire: Socket.IO handlers, each a few lines."""

from __future__ import annotations

import functools
import logging
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask_socketio import (
    Namespace,
    join_room,
    leave_room,
)
from socketio.exceptions import ConnectionRefusedError

from checker.lesson import Lesson, LessonNotFound
from checker.progress import ProgressError
from checker.submission import Submission, SubmissionError
from webapp import door
from webapp.bench.announcer import Announcer, room_of
from webapp.bench.bench import Bench, BenchError, Conflict
from webapp.bench.runs import Run, TooMany
from webapp.faults import faults
from webapp.files import BadName, Files, as_text, digest, seal, texts
from webapp.limits import Limiter
from webapp.rooms import Rooms

Message: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = dict[str, Any]

FLOOD = 200
"""Messages beyond the limit after which a connection is closed."""
REFUSED = (BadName, BenchError, LessonNotFound, ProgressError, SubmissionError, TooMany)
"""What may be said to a learner as it is."""

log = logging.getLogger(__name__)


class BadMessage(ValueError):
    """A message that our own page would not send."""


@dataclass(slots=True)
class Seat:
    """One open connection."""

    learner: int
    lesson: str = ""
    refused: int = 0


Handler: TypeAlias = Callable[["Desk", Bench, Message], Answer | None]


def _answered(handler: Handler) -> Callable[[Desk, Any], Answer]:
    """Turn a handler of a bench and a message into one of raw data that always answers."""

    @functools.wraps(handler)
    def answer(desk: Desk, message: Any = None) -> Answer:
        try:
            return {"ok": True, **(handler(desk, desk.bench(message), message) or {})}
        except Conflict as conflict:
            return _conflict(conflict)
        except REFUSED as error:
            return {"ok": False, "error": str(error)}
        except BadMessage:
            return {"ok": False, "error": door.ODD}
        except Exception:
            log.exception("%s broke.", handler.__name__)
            return {"ok": False, "error": door.FAULT}

    return answer


def _conflict(conflict: Conflict) -> Answer:
    theirs = None
    if conflict.theirs is not None:
        text = as_text(conflict.theirs) or ""
        theirs = {"text": text, "seal": seal(conflict.theirs), "faults": []}
    return {"ok": False, "conflict": True, "theirs": theirs, "error": "Changed elsewhere."}


class Desk(Namespace):
    """The events of the workbench. Each is answered with ``ok``, and with ``error`` if not."""

    def __init__(self, rooms: Rooms, announcer: Announcer) -> None:
        super().__init__("/")
        self._rooms, self._announcer = rooms, announcer
        config = rooms.config
        self._lock = threading.Lock()
        self._seats: dict[str, Seat] = {}
        self._pace = Limiter(config.events_per_second, config.events_per_second * 5)
        self._learner_pace = Limiter(config.events_per_second * 2, config.events_per_second * 10)
        self._run_pace = Limiter(config.runs_per_minute / 60, config.runs_per_minute / 2)

    # ------------------------------------------------------------ connections

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Let an event through if its sender keeps within the limits."""
        if event in ("connect", "disconnect") or self._keeps_pace(args[0]):
            return super().trigger_event(event, *args)
        return {"ok": False, "error": door.TOO_MANY_MESSAGES}

    def on_connect(self, auth: object = None) -> None:
        """Take a place for a connection of a known host name, with a cookie."""
        learner, _ = door.welcome()
        with self._lock:
            door.clear(self._seats, self)
            mine = sum(seat.learner == learner for seat in self._seats.values())
            if mine >= self._rooms.config.connections:
                raise ConnectionRefusedError(door.TOO_MANY_PAGES)
            self._seats[door.sid()] = Seat(learner)

    def on_disconnect(self, reason: object = None) -> None:
        """Give the place back. A run goes on without its page."""
        with self._lock:
            self._seats.pop(door.sid(), None)
        self._pace.forget(door.sid())

    def watchers(self, lesson: str) -> list[int]:
        """Return the learners who have this lesson open."""
        with self._lock:
            return sorted({s.learner for s in self._seats.values() if s.lesson == lesson})

    # ------------------------------------------------------------ the bench

    @_answered
    def on_open(self, bench: Bench, message: Message) -> Answer:
        """A page shows a lesson: here is all that it needs, and the news from now on."""
        seat, slug = self._seats[door.sid()], bench.lesson.slug
        if seat.lesson:
            leave_room(room_of(seat.learner, seat.lesson))
        seat.lesson = slug
        join_room(room_of(seat.learner, slug))
        run = self._rooms.runs.latest(bench.learner, bench.lesson)
        last = None if run else self._rooms.store.last_run(bench.learner, slug)
        return {
            **_shown(bench.files()),
            "run": _snapshot(run) if run else None,
            "last": {"result": last.result, "seal": last.digest} if last else None,
            "passed": self._rooms.progress.passed(bench.learner, bench.lesson),
        }

    @_answered
    def on_save(self, bench: Bench, message: Message) -> Answer:
        """Save one file."""
        name, text = _text(message, "name"), _text(message, "text")
        base = message.get("base")
        if base is not None and not isinstance(base, str):
            raise BadMessage
        saved = bench.save(name, text, base)
        self._tell_others(bench)
        return {"seal": saved, "faults": faults(name, text)}

    @_answered
    def on_rename(self, bench: Bench, message: Message) -> Answer:
        """Give a file another name."""
        return self._changed(bench, bench.rename(_text(message, "name"), _text(message, "new")))

    @_answered
    def on_remove(self, bench: Bench, message: Message) -> Answer:
        """Delete a file."""
        return self._changed(bench, bench.remove(_text(message, "name")))

    @_answered
    def on_reset(self, bench: Bench, message: Message) -> Answer:
        """Put the starter back."""
        return self._changed(bench, bench.reset())

    @_answered
    def on_versions(self, bench: Bench, message: Message) -> Answer:
        """List the kept versions."""
        kept = bench.versions()
        return {"versions": [{"id": v.id, "reason": v.reason, "at": v.at} for v in kept]}

    @_answered
    def on_version(self, bench: Bench, message: Message) -> Answer:
        """Show one version's files."""
        return _shown(bench.version(_number(message, "id")))

    @_answered
    def on_restore(self, bench: Bench, message: Message) -> Answer:
        """Put an earlier version back."""
        return self._changed(bench, bench.restore(_number(message, "id")))

    @_answered
    def on_solution(self, bench: Bench, message: Message) -> Answer:
        """Show the solution: at once after a pass, else when asked twice."""
        progress, mine = self._rooms.progress, (bench.learner, bench.lesson)
        if not progress.passed(*mine) and progress.ask_solution(*mine) < 2:
            return {"ask_again": True}
        return _shown(bench.lesson.solution())

    # ------------------------------------------------------------ checking

    @_answered
    def on_check(self, bench: Bench, message: Message) -> Answer:
        """Check the files as they are saved."""
        if not bench.lesson.tasks:
            raise BenchError("There is nothing to check here. Press Run.")
        wait = self._run_pace.wait(bench.learner)
        if wait:
            raise BenchError(f"That was quick. You can check again in {math.ceil(wait)} s.")
        return {"run": self.check(bench).id}

    @_answered
    def on_stop(self, bench: Bench, message: Message) -> None:
        """Stop the check that runs."""
        self._rooms.runs.stop(bench.learner)

    def check(self, bench: Bench) -> Run:
        """Start a run of the files as they are, and keep them as a version."""
        files = bench.files()
        submission = Submission.from_files(files)
        bench.keep_checked(files)
        self._rooms.previews.make_way()
        return self._rooms.runs.start(bench.learner, bench.lesson, submission, digest(files))

    # ------------------------------------------------------------ helpers

    def bench(self, message: Any) -> Bench:
        """Return the sender's bench for the work that a message names."""
        if not isinstance(message, Mapping):
            raise BadMessage
        lesson: Lesson = self._rooms.works.find(_text(message, "lesson"))
        return self._rooms.bench(self._seats[door.sid()].learner, lesson)

    def _keeps_pace(self, sid: str) -> bool:
        seat = self._seats.get(sid)
        if seat and self._pace.allows(sid) and self._learner_pace.allows(seat.learner):
            return True
        if seat is None or seat.refused >= FLOOD:
            self.disconnect(sid)
            return False
        seat.refused += 1
        return False

    def _changed(self, bench: Bench, files: Files) -> Answer:
        self._announcer.files_changed(bench.learner, bench.lesson.slug, files, door.sid())
        return _shown(files)

    def _tell_others(self, bench: Bench) -> None:
        room, mine = bench.lesson.slug, bench.learner
        with self._lock:
            open_pages = sum(s.lesson == room and s.learner == mine for s in self._seats.values())
        if open_pages > 1:
            self._changed(bench, bench.files())


def _shown(files: Files) -> Answer:
    shown = texts(files)
    return {"files": shown, "binary": sorted(files.keys() - shown), "seal": digest(files)}


def _snapshot(run: Run) -> Answer:
    return {"id": run.id, "state": run.state, "seal": run.seal, "events": list(run.events)}


def _text(message: Message, key: str) -> str:
    value = message.get(key)
    if not isinstance(value, str):
        raise BadMessage
    return value


def _number(message: Message, key: str) -> int:
    value = message.get(key)
    if not isinstance(value, int):
        raise BadMessage
    return value
