"""What passed between browsers and the learner's server: written down within bounds, in order."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, Event, TextMessage
from wsproto.utilities import ProtocolError

MAX_TEXT = 4_000
"""Characters of one packet that are kept."""
MAX_BYTES = 1_000
"""Bytes of one binary packet that are kept."""
MAX_BODY = 1_000_000
"""Bytes of one polling body in which packets are looked for."""
MAX_PACKETS = 200
"""Records of one polling body, and of one report to the judge."""
MAX_WAITING = 4_000
"""Records that wait to be reported; older ones are counted and dropped."""
MAX_SESSIONS = 500
SEPARATOR = "\x1e"


class Recorder:
    """Takes notes from many threads; one reads them."""

    def __init__(self) -> None:
        """Start the clock: times are seconds since now."""
        self._began = time.monotonic()
        self._records: deque[dict[str, Any]] = deque()
        self._lost = 0
        self._news = threading.Condition()
        self._sessions: OrderedDict[str, int] = OrderedDict()
        self._count = 0

    def note(self, **record: Any) -> None:
        """Write one record down."""
        record["at"] = round(time.monotonic() - self._began, 4)
        with self._news:
            if len(self._records) >= MAX_WAITING:
                self._records.popleft()
                self._lost += 1
            self._records.append(record)
            self._news.notify()

    def take(self, wait: float) -> tuple[list[dict[str, Any]], int]:
        """Return and forget the oldest records, and how many were lost, waiting for one."""
        with self._news:
            if not self._records:
                self._news.wait(wait)
            count = min(len(self._records), MAX_PACKETS)
            taken = [self._records.popleft() for _ in range(count)]
            lost, self._lost = self._lost, 0
            return taken, lost

    def session(self, sid: str | None) -> int:
        """Return the number of an Engine.IO session; without ``sid``, of a new one."""
        with self._news:
            if sid is not None and sid in self._sessions:
                return self._sessions[sid]
            self._count += 1
            if sid is not None:
                self._name(sid, self._count)
            return self._count

    def _name(self, sid: str, number: int) -> None:
        self._sessions[sid] = number
        while len(self._sessions) > MAX_SESSIONS:
            self._sessions.popitem(last=False)

    def opened(self, number: int, text: str) -> None:
        """Learn from an ``open`` packet how session ``number`` is called from now on."""
        try:
            sid = json.loads(text[1:])["sid"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if isinstance(sid, str):
            with self._news:
                self._name(sid[:200], number)


class Line:
    """One HTTP exchange or WebSocket of one session, as the recorder hears it."""

    def __init__(self, recorder: Recorder, user: int, transport: str, sid: str | None) -> None:
        """Hear for ``user``'s session ``sid``, or for one that begins here."""
        self._recorder = recorder
        self._common = {"kind": "packet", "user": user, "transport": transport}
        self.session = recorder.session(sid[:200] if sid else None)

    def text(self, to: str, text: str, size: int | None = None, *, cut: bool = False) -> None:
        """Write down one packet ``to`` the ``server`` or the ``page``."""
        if text.startswith("0{"):
            self._recorder.opened(self.session, text)
        self._recorder.note(
            **self._common,
            session=self.session,
            to=to,
            size=len(text.encode("utf-8", "replace")) if size is None else size,
            text=text[:MAX_TEXT],
            cut=cut or len(text) > MAX_TEXT,
        )

    def data(self, to: str, data: bytes, size: int) -> None:
        """Write down one binary packet."""
        self._recorder.note(
            **self._common,
            session=self.session,
            to=to,
            size=size,
            data=base64.b64encode(data[:MAX_BYTES]).decode(),
            cut=size > MAX_BYTES,
        )

    def body(self, to: str, body: bytes) -> None:
        """Write down the packets of a polling body."""
        packets = body.decode("utf-8", "replace").split(SEPARATOR)
        for packet in packets[:MAX_PACKETS]:
            if packet:
                self.text(to, packet)
        if len(packets) > MAX_PACKETS:
            self.text(to, "", size=len(body), cut=True)


class Frames:
    """Reads along one direction of a WebSocket; what breaks the protocol ends the reading only."""

    def __init__(self, line: Line, to: str) -> None:
        """Read what goes ``to`` the ``server`` or the ``page``."""
        self._line = line
        self._to = to
        role = ConnectionType.SERVER if to == "server" else ConnectionType.CLIENT
        self._parser: Connection | None = Connection(role)
        self._text: list[str] = []
        self._data = bytearray()
        self._size = 0
        self._kept = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes that passed."""
        if self._parser is None:
            return
        try:
            self._parser.receive_data(data)
            for event in self._parser.events():
                self._see(event)
        except (ProtocolError, ValueError, RuntimeError):
            self._parser = None
            self._line.text(self._to, "", cut=True)

    def _see(self, event: Event) -> None:
        if isinstance(event, TextMessage):
            self._size += len(event.data.encode("utf-8", "replace"))
            if self._kept <= MAX_TEXT:
                self._text.append(event.data)
                self._kept += len(event.data)
            if event.message_finished:
                text = "".join(self._text)
                self._end(lambda: self._line.text(self._to, text, self._size))
        elif isinstance(event, BytesMessage):
            self._size += len(event.data)
            self._data += event.data[: max(0, MAX_BYTES - len(self._data))]
            if event.message_finished:
                self._end(lambda: self._line.data(self._to, bytes(self._data), self._size))

    def _end(self, write: Callable[[], None]) -> None:
        write()
        self._text.clear()
        self._data.clear()
        self._size = self._kept = 0
