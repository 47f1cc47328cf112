"""What a packet says: Engine.IO and Socket.IO, part by part, as a reader of the wire meets it.

What passed is a stranger's text: it is read within bounds, and what cannot be read says so.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from engineio import packet as engine
from socketio import packet as events

from checker.report import Json

SHOWN = 4_000
"""Characters of a packet's text that are shown."""
_SOCKET = re.compile(r"4([0-6])(?:(\d{1,3})-)?(?:(/[^,]*),?)?(\d{1,16})?(.*)", re.DOTALL)
_ENGINE = {
    engine.OPEN: ("open", "0 = open: the server begins a session"),
    engine.CLOSE: ("close", "1 = close: this session ends"),
    engine.PING: ("ping", "2 = ping: are you there?"),
    engine.PONG: ("pong", "3 = pong: I am here"),
    engine.MESSAGE: ("message", "4 = message: Engine.IO carries what follows for Socket.IO"),
    engine.UPGRADE: ("upgrade", "5 = upgrade: from now on the WebSocket is used"),
    engine.NOOP: ("noop", "6 = noop: nothing; it only ends a waiting poll"),
}
_EVENTS = {
    events.CONNECT: ("connect", "0 = connect to a namespace"),
    events.DISCONNECT: ("disconnect", "1 = disconnect from a namespace"),
    events.EVENT: ("event", "2 = event"),
    events.ACK: ("ack", "3 = acknowledgement: the answer to an event that asked for one"),
    events.CONNECT_ERROR: ("connect_error", "4 = the connection to a namespace was refused"),
    events.BINARY_EVENT: ("binary_event", "5 = event with bytes, which follow by themselves"),
    events.BINARY_ACK: ("binary_ack", "6 = acknowledgement with bytes, which follow"),
}
_DATA = "data, as JSON"
_ID = "the client's id in this namespace: request.sid in your handlers"
_NAMED = {
    "connect": "what the client brings along: its auth, as JSON",
    "connect_error": "why it was refused, as JSON",
    "ack": "what the handler returned, as JSON",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a packet's text, and what it means."""

    text: str
    means: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A packet that was read. ``kind`` is the innermost: ``event``, ``ping``, ``open``, …

    ``protocol`` is ``Engine.IO`` or ``Socket.IO``; joined, the parts' texts are the packet's.
    """

    protocol: str
    kind: str
    parts: tuple[Part, ...]
    namespace: str | None = None
    event: str | None = None
    ack: int | None = None
    attachments: int = 0
    data: Json = None

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON, without the data: that is in the last part."""
        return {name: value for name, value in asdict(self).items() if name != "data"}


@dataclass(frozen=True, slots=True)
class Passed:
    """One thing that passed: a packet, or an HTTP request. ``record`` is what was observed."""

    record: Mapping[str, Json]
    meaning: Meaning | None = field(default=None)

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON. The text of a packet is in its parts."""
        return {**self.record, "meaning": self.meaning.to_json() if self.meaning else None}


def read(text: str) -> Meaning:
    """Read one text packet. What is no packet has the kind ``unknown``."""
    number = int(text[0]) if text[:1].isdecimal() and text[0] in "0123456" else None
    if text[:1] == "b":
        return _read_base64(text)
    if number is None:
        return Meaning("Engine.IO", "unknown", (Part(text, "This is no Engine.IO packet."),))
    kind, means = _ENGINE[number]
    first = Part(text[0], means)
    if number == engine.MESSAGE:
        return _read_message(text, first)
    rest = text[1:]
    if rest == "probe" and number in (engine.PING, engine.PONG):
        trial = Part(rest, "a trial over the new WebSocket, before it is used")
        return Meaning("Engine.IO", f"{kind} probe", (first, trial))
    parts = (first, Part(rest, _OPENING if number == engine.OPEN else "data")) if rest else (first,)
    return Meaning("Engine.IO", kind, parts, data=_json(rest))


_OPENING = "the session's id, the transports it may go over to, and how often it is pinged"


def read_bytes(data: bytes) -> Meaning:
    """Read one binary frame: what an event before it has announced."""
    part = Part(data[:64].hex(" "), "bytes that belong to the event before")
    return Meaning("Socket.IO", "attachment", (part,))


def _read_base64(text: str) -> Meaning:
    try:
        size = len(base64.b64decode(text[1:], validate=True))
    except (ValueError, binascii.Error):
        return Meaning("Engine.IO", "unknown", (Part(text, "This is no Engine.IO packet."),))
    parts = (
        Part("b", "b = bytes in base64, for polling cannot carry them as they are"),
        Part(text[1:], f"{size} bytes that belong to the event before"),
    )
    return Meaning("Socket.IO", "attachment", parts)


def _read_message(text: str, first: Part) -> Meaning:
    match = _SOCKET.fullmatch(text)
    if match is None:
        return Meaning("Engine.IO", "message", (first, Part(text[1:], "no Socket.IO packet")))
    number, attachments, namespace, ack, payload = match.groups()
    kind, means = _EVENTS[int(number)]
    data = _json(payload)
    parts = [first, Part(number, means)]
    if attachments:
        follow = "attachment follows" if attachments == "1" else "attachments follow"
        parts.append(Part(f"{attachments}-", f"{attachments} {follow}"))
    if namespace:
        comma = "," if text[match.end(3) : match.end(3) + 1] == "," else ""
        parts.append(Part(namespace + comma, "the namespace, up to the comma"))
    if ack:
        answers = kind in ("ack", "binary_ack")
        asks = "which event this answers" if answers else "please acknowledge under this number"
        parts.append(Part(ack, asks))
    event = str(data[0]) if "event" in kind and isinstance(data, list) and data else None
    if payload:
        named = "the event's name and its arguments, as JSON" if event else _NAMED.get(kind, _DATA)
        has_id = kind == "connect" and isinstance(data, dict) and "sid" in data
        parts.append(Part(payload, _ID if has_id else named))
    return Meaning(
        "Socket.IO",
        kind,
        tuple(parts),
        namespace=namespace or "/",
        event=event[:200] if event is not None else None,
        ack=int(ack) if ack else None,
        attachments=int(attachments or 0),
        data=data[1:] if event is not None and isinstance(data, list) else data,
    )


def _json(text: str) -> Json:
    try:
        value: Any = json.loads(text) if text else None
        json.dumps(value)  # what is too deep to be written cannot be passed on
    except (ValueError, RecursionError):
        return None
    return value  # type: ignore[no-any-return]


_COUNTS = ("user", "session", "size", "status")
_TEXTS = ("kind", "to", "transport", "method", "path")


def passed(record: Mapping[str, Any]) -> Passed | None:
    """Read what the recorder wrote down; None where its shape is another."""
    kept: dict[str, Json] = {}
    for name in _COUNTS:
        if isinstance(record.get(name), int):
            kept[name] = record[name]
    for name in _TEXTS:
        if isinstance(record.get(name), str):
            kept[name] = record[name][:300]
    for name in ("at", "seconds"):
        if isinstance(record.get(name), (int, float)):
            kept[name] = float(record[name])
    kept["cut"] = record.get("cut") is True
    if kept.get("kind") == "request":
        return Passed(kept)
    if isinstance(record.get("data"), str):
        data = base64.b64decode(record["data"][:SHOWN])
        return Passed(kept, read_bytes(data))
    if kept.get("kind") != "packet" or not isinstance(record.get("text"), str):
        return None
    return Passed(kept, read(record["text"][:SHOWN]))
