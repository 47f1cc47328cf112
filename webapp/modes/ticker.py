"""A small value that changes by the clock, and a namespace that tells every change of it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any, cast

from flask import request
from flask_socketio import Namespace, join_room
from socketio.exceptions import ConnectionRefusedError
from werkzeug.wrappers import Request

from webapp import door
from webapp.modes.silence import Silence
from webapp.rooms import Rooms

PERIODS = (0.5, 2.0, 5.0, 20.0)
"""Seconds between two changes; a reader chooses."""
MOST_LINES = 400
"""Connections to this namespace, of all readers together."""
MOST_LINES_EACH = 8


def reading(period: float, now: float | None = None) -> dict[str, Any]:
    """Return the value: ``n`` counts its changes, ``at`` and ``now`` are seconds since 1970.

    It depends on nothing but the clock, so whoever asks and whoever is told see the same.
    """
    now = time.time() if now is None else now
    number = int(now // period)
    return {"n": number, "value": number * 7919 % 1000, "at": number * period, "now": now}


def bytes_of(asked: Request) -> int:
    """Return how many bytes a request's head had: its first line and its headers."""
    target = asked.environ.get("REQUEST_URI") or asked.full_path
    lines = [f"{asked.method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in asked.headers.items()]
    return sum(len(line.encode("utf-8", "replace")) + 2 for line in lines) + 2


@dataclass(frozen=True, slots=True)
class _Line:
    learner: int
    period: float


class Ticker(Namespace):
    """``/why``: a client gives ``{"every": seconds}`` as its auth, and is told each change.

    It listens to ``cut``, which breaks all lines of whoever sends it, as a restart of the server
    would, and to ``hush``, which lets their network fall silent and is answered with the seconds
    of that; whoever sends anything else is disconnected.
    """

    def __init__(self, here: Rooms) -> None:
        super().__init__("/why")
        self._rooms = here
        self.silence = Silence()
        """Whom nothing reaches at the moment."""
        self._lines: dict[str, _Line] = {}
        self._held: dict[str, list[dict[str, Any]]] = {}
        self._news = threading.Condition()
        self._closed = False
        self._teller: threading.Thread | None = None

    @property
    def open_lines(self) -> int:
        """Connections of the whole server, to whatever namespace."""
        sockets = cast("Any", self).socketio.server.eio.sockets
        return sum(not socket.closed for socket in list(sockets.values()))

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Take connections, and the wish to have them cut or hushed."""
        if event in ("connect", "disconnect"):
            return super().trigger_event(event, *args)
        if event == "cut":
            return self._cut(args[0])
        if event == "hush" and args[0] in self._lines:
            return self.silence.begin(self._lines[args[0]].learner)
        self.disconnect(args[0])
        return None

    def on_connect(self, auth: object = None) -> None:
        """Take a place, and tell the value as it is and what it cost to ask for the line."""
        period = auth.get("every") if isinstance(auth, dict) else None
        if period not in PERIODS:
            raise ConnectionRefusedError("Say how often the value is to change.")
        line = _Line(door.welcome()[0], float(period))
        with self._news:
            door.clear(self._lines, self)
            mine = sum(each.learner == line.learner for each in self._lines.values())
            if mine >= MOST_LINES_EACH or len(self._lines) >= MOST_LINES:
                raise ConnectionRefusedError("Too many lines are open. Close some of them.")
            self._lines[door.sid()] = line
            self._begin()
            self._news.notify()
        join_room(_room(line.period))
        self.emit("hello", {**reading(line.period), "asked": bytes_of(request)}, room=door.sid())

    def on_disconnect(self, reason: object = None) -> None:
        """Give the place back."""
        with self._news:
            self._lines.pop(door.sid(), None)
            self._held.pop(door.sid(), None)
            self._news.notify()

    def _cut(self, sid: str) -> None:
        """Break the lines of one learner without a word: their clients will try again."""
        with self._news:
            learner = self._lines[sid].learner if sid in self._lines else None
            mine = [each for each, line in self._lines.items() if line.learner == learner]
        server = cast("Any", self).socketio.server
        for each in mine:
            socket = server.eio.sockets.get(server.manager.eio_sid_from_sid(each, "/why"))
            if socket is not None:
                socket.close(wait=False, abort=True)

    def close(self) -> None:
        """Tell nothing more."""
        self.silence.close()
        with self._news:
            self._closed = True
            self._news.notify()

    def _begin(self) -> None:
        if self._teller is None:
            self._teller = threading.Thread(target=self._tell, name="why", daemon=True)
            self._teller.start()

    def _tell(self) -> None:
        """Wait for the next change that somebody wants to hear of; tell it; end with the last."""
        due: dict[float, float] = {}
        while True:
            with self._news:
                wanted = {line.period for line in self._lines.values()}
                if self._closed or not wanted:
                    self._teller = None
                    return
                now = time.time()
                due = {p: due.get(p, (now // p + 1) * p) for p in wanted}
                ends = (self._left(sid) for sid in self._held)
                self._news.wait(max(0.0, min((min(due.values()) - now, *ends))))
            self._tell_late()
            now = time.time()
            for period in [period for period, at in due.items() if at <= now]:
                self._tell_all(period, reading(period, now))
                del due[period]

    def _tell_all(self, period: float, news: dict[str, Any]) -> None:
        """Tell everybody but those whom nothing reaches: the network delivers it to them later.

        So it does where something is still on its way: nothing overtakes.
        """
        with self._news:
            lines = [sid for sid, line in self._lines.items() if line.period == period]
            late = [sid for sid in lines if sid in self._held or self._left(sid)]
            for sid in late:
                self._held.setdefault(sid, []).append(news)
        socketio = cast("Any", self).socketio
        socketio.emit("value", news, namespace="/why", to=_room(period), skip_sid=late)

    def _tell_late(self) -> None:
        with self._news:
            over = [sid for sid in self._held if not self._left(sid)]
            held = [(sid, news) for sid in over for news in self._held.pop(sid)]
        for sid, news in held:
            self.emit("value", news, room=sid)

    def _left(self, sid: str) -> float:
        return self.silence.left(self._lines[sid].learner) if sid in self._lines else 0.0


def _room(period: float) -> str:
    return f"every {period:g}"
