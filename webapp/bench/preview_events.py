"""The Socket.IO namespace of previews: run, stop, and what happens meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from flask import request
from flask_socketio import Namespace, SocketIO, join_room
from socketio.exceptions import ConnectionRefusedError

from checker.lesson import LessonNotFound
from checker.progress import ProgressError
from checker.submission import Submission, SubmissionError
from webapp import door
from webapp.bench.previews import Event, Running, Tell, describe
from webapp.bench.runs import TooMany
from webapp.limits import Limiter
from webapp.rooms import Rooms

NAMESPACE = "/preview"
LEAVING_SECONDS = 20.0
"""How long an app goes on without a page: a page that is loaded again comes back to it."""
RUNS_PER_MINUTE = 20
REFUSED = (LessonNotFound, ProgressError, SubmissionError, TooMany)

Answer: TypeAlias = dict[str, Any]
log = logging.getLogger(__name__)


def teller(socketio: SocketIO) -> Tell:
    """Return what tells a learner's pages of their app."""

    def tell(running: Running, event: Event) -> None:
        place, number = running.place, running.told
        message = {"id": running.id, "place": place, "number": number, "event": event}
        socketio.emit("news", message, to=_room(running.learner), namespace=NAMESPACE)

    return tell


class PreviewDesk(Namespace):
    """The events of the preview pane. Each is answered with ``ok``, and with ``error`` if not."""

    def __init__(self, rooms: Rooms) -> None:
        super().__init__(NAMESPACE)
        self._rooms = rooms
        self._lock = threading.Lock()
        self._seats: dict[str, tuple[int, str]] = {}
        self._pace = Limiter(rooms.config.events_per_second, rooms.config.events_per_second * 5)
        self._run_pace = Limiter(RUNS_PER_MINUTE / 60, RUNS_PER_MINUTE / 2)

    def on_connect(self, auth: object = None) -> None:
        """Take a place for a connection of a known host name, with a cookie."""
        learner, token = door.welcome()
        with self._lock:
            door.clear(self._seats, self)
            mine = sum(seat[0] == learner for seat in self._seats.values())
            if mine >= self._rooms.config.connections:
                raise ConnectionRefusedError(door.TOO_MANY_PAGES)
            self._seats[door.sid()] = (learner, token)
        join_room(_room(learner))

    def on_disconnect(self, reason: object = None) -> None:
        """Give the place back; the app ends soon if no other page of the learner's is open."""
        with self._lock:
            learner, _ = self._seats.pop(door.sid(), (0, ""))
        self._pace.forget(door.sid())
        running = self._rooms.previews.current(learner)
        if running is not None and not running.over and not self._is_here(learner):
            timer = threading.Timer(LEAVING_SECONDS, self._leave, (running,))
            timer.daemon = True
            timer.start()

    def on_open(self, message: object = None) -> Answer:
        """A page shows the preview: here is what runs already."""
        return self._answer(message, self._open)

    def on_run(self, message: object = None) -> Answer:
        """Run the files as they are saved."""
        return self._answer(message, self._run)

    def on_stop(self, message: object = None) -> Answer:
        """Stop the app."""
        return self._answer(message, self._stop)

    def _answer(self, message: object, act: Callable[[int, str, str], Answer]) -> Answer:
        learner, token = self._seats.get(door.sid(), (0, ""))
        place = message.get("place") if isinstance(message, Mapping) else None
        if not learner or not self._pace.allows(door.sid()):
            return {"ok": False, "error": door.TOO_MANY_MESSAGES}
        if not isinstance(place, str):
            return {"ok": False, "error": door.ODD}
        try:
            return {"ok": True, **act(learner, token, place)}
        except REFUSED as error:
            return {"ok": False, "error": str(error)}
        except Exception:
            log.exception("A preview's handler broke.")
            return {"ok": False, "error": door.FAULT}

    def _open(self, learner: int, token: str, place: str) -> Answer:
        origins = self._rooms.previews.origins(token, request.host)
        running = self._rooms.previews.current(learner)
        return {"origins": origins, "running": describe(running, place)}

    def _run(self, learner: int, token: str, place: str) -> Answer:
        if not self._run_pace.allows(learner):
            raise TooMany("That was quick. Wait a few seconds, then run it again.")
        lesson = self._rooms.works.find(place)
        submission = Submission.from_files(self._rooms.bench(learner, lesson).files())
        if submission.entry not in submission.files:
            raise SubmissionError(f"There is no {submission.entry} to run. Add one.")
        running = self._rooms.previews.start(learner, token, lesson, submission)
        return {"running": running.snapshot()}

    def _stop(self, learner: int, token: str, place: str) -> Answer:
        self._rooms.previews.stop(learner)
        return {}

    def _is_here(self, learner: int) -> bool:
        with self._lock:
            return any(seat[0] == learner for seat in self._seats.values())

    def _leave(self, running: Running) -> None:
        if not self._is_here(running.learner):
            running.preview.stop("left")


def _room(learner: int) -> str:
    return f"previews of {learner}"
