"""A Socket.IO client in the judge, over HTTP long polling: it writes bytes, and reads bytes.

For what is said see the protocols: Engine.IO 4 (payloads of packets, parted by 0x1E) and
Socket.IO 5.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import re
import secrets
import socket
import time
from collections.abc import Mapping
from typing import Any

from checker.check import Crash, TimedOut
from checker.client import MAX_NAME, ORDER_TIMEOUT, Client, Event, flooded
from checker.link import Link, Packet, shape
from checker.report import Json, bounded
from checker.stage.channel import bounded_json

MAX_ANSWER = 1_000_000
"""Bytes of one HTTP answer."""
MAX_PACKETS, MAX_BYTES = 2_000, 5_000_000
"""Packets that one client takes before it has had enough of its app, and bytes of all answers."""
_SEPARATOR = "\x1e"
_PACKET = re.compile(r"4([0-6])(/[^,]{0,200},)?(\d{0,9})(.*)", re.S)
_LENGTH = re.compile(rb"\r\nContent-Length: (\d{1,9})", re.I)
_PING, _PONG, _NOOP = "2", "3", "6"
_CONNECT, _EVENT, _ACK, _REFUSED = "0", "2", "3", "4"


class _Strange(Exception):
    """The app answered with something that no Socket.IO server says."""


class PollingClient(Client):
    """A Socket.IO client in the judge that speaks HTTP over a Unix socket."""

    def __init__(self, link: Link, address: str, path: str) -> None:
        """Open a session and join the namespace ``/``; ``refusal`` tells why it was turned away."""
        self._address = address
        self._begun = time.monotonic()
        self._query = f"/{path}/?EIO=4&transport=polling"
        self._acks: dict[str, Json] = {}
        self._answered: set[str] = set()
        self._packets = self._bytes = 0
        self.refusal: str | None = None
        super().__init__(link, 0, "/", {"transport": "polling"}, live=True)
        self._open(self._within(ORDER_TIMEOUT))

    def _within(self, seconds: float) -> float:
        """Return when so many seconds, or what is left of the check's time, will be over."""
        return time.monotonic() + self._link.watch.left(seconds)

    def _open(self, end: float) -> None:
        try:
            first = self._request("GET", None, end)
            if not first.startswith("0{"):
                raise _Strange(first[:300])
            opened = shape(dict, bounded_json(first[1:]))
            self._query += f"&sid={shape(str, opened.get('sid'))[:200]}"
            self._request("POST", "40", end)
            self._poll_until("/", end)
        except (_Strange, ValueError) as strange:
            self.refusal = str(strange)

    def _send(self, event: str, data: tuple[Json, ...], ack: float) -> Mapping[str, Any]:
        self._link.watch.on_packet(Packet("in", "/", event, list(data)))
        number = str(secrets.randbelow(10**6)) if ack else ""
        try:
            packet = f"42{number}{json.dumps([event, *data])}"
            self._request("POST", packet, self._within(ORDER_TIMEOUT))
        except _Strange as strange:
            raise self._no_answer(str(strange)) from None
        end = self._within(ack)
        while ack and number not in self._acks and time.monotonic() < end:
            self._poll(end)
        return {"ack": self._acks.get(number)}

    def _drain(self, wait: float, event: str | None) -> bool:
        end = self._within(wait)
        if event is None:
            time.sleep(wait)
            self._fence(self._within(ORDER_TIMEOUT))
        while event is not None and time.monotonic() < end:
            if any(item.name == event for item in self._pending):
                break
            self._poll(end)
        return False

    def _poll(self, end: float) -> None:
        """Take what comes before ``end``, if anything does."""
        try:
            with contextlib.suppress(TimedOut):
                self._take(self._request("GET", None, end))
        except _Strange as strange:
            raise self._no_answer(str(strange)) from None

    def disconnect(self) -> None:
        """Say goodbye."""
        try:
            self._request("POST", "41", self._within(ORDER_TIMEOUT))
        except _Strange as strange:
            raise self._no_answer(str(strange)) from None
        self.connected = False

    def _fence(self, end: float) -> None:
        """Ask for something that is surely answered, after all that was sent before."""
        nowhere = f"/{secrets.token_hex(6)}"
        try:
            self._request("POST", f"40{nowhere},", end)
            self._poll_until(nowhere, end)
        except _Strange as strange:
            raise self._no_answer(str(strange)) from None

    def _poll_until(self, namespace: str, end: float) -> None:
        """Poll until a namespace has answered the wish to join it."""
        while namespace not in self._answered:
            self._take(self._request("GET", None, end))

    def _take(self, payload: str) -> None:
        """Take the packets of a payload.

        Raises `_Strange` where there are none, and `Failure` where they are too many to be kept.
        """
        self._bytes += len(payload)
        left = MAX_PACKETS - self._packets
        texts = payload.split(_SEPARATOR, left)
        found = set(texts) & {_PING, _NOOP}
        for text in texts[:left]:
            packet = _PACKET.fullmatch(text)
            if packet is not None:
                found.add(text)
                kind, namespace, number, data = packet.groups()
                try:
                    self._packet(kind, (namespace or "/,")[:-1], number, data)
                except ValueError as error:
                    raise _Strange(f"a packet that cannot be read: {error}") from None
        self._packets += len(texts)
        if len(texts) > left or self._bytes > MAX_BYTES:
            raise flooded(len(self._pending))
        if not found:
            raise _Strange(f"an answer that is no packet of Engine.IO: {payload[:100]}")
        if _PING in found:  # once, however often it asks
            self._request("POST", _PONG, self._within(ORDER_TIMEOUT))

    def _packet(self, kind: str, namespace: str, number: str, data: str) -> None:
        if kind in {_CONNECT, _REFUSED}:
            self._answered.add(namespace)
            if namespace == "/":
                self.connected = kind == _CONNECT
                self.refusal = None if self.connected else data[:300]
        elif kind == _ACK:
            values = shape(list, bounded_json(data))
            self._acks[number] = values if len(values) > 1 else (values or [None])[0]
        elif kind == _EVENT:
            name, *arguments = shape(list, bounded_json(data)) or [None]
            at = time.monotonic() - self._begun
            event = Event(shape(str, name)[:MAX_NAME], tuple(arguments), namespace, at)
            self._link.watch.on_packet(Packet("out", namespace, event.name, arguments))
            self._pending.append(event)

    def _request(self, method: str, body: str | None, end: float) -> str:
        """Make one request on a connection of its own; return the answer's text.

        Raises `TimedOut` when there is none before ``end``, `Crash` when it is none that can be
        understood, and `_Strange` when something that was said is not taken.
        """
        try:
            status, text = exchange(self._address, method, self._query, body, end)
        except TimeoutError:
            raise TimedOut(
                "A client spoke to your app over the network, and your app did not answer in time.",
                help=self._link.advice()
                or "Look for a handler or a route that does not come back.",
            ) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise self._no_answer(str(error)) from None
        if status >= 500:
            raise self._no_answer(f"the status is {status}")
        if status != 200 and method == "POST":
            raise _Strange(f"a packet was refused with the status {status}")
        return text

    def _no_answer(self, why: str) -> Crash:
        return self._link.crash(
            "A client spoke to your app over the network, and got no answer that it "
            f"understands: {bounded(why, 200)}."
        )


def exchange(
    address: str, method: str, target: str, body: str | None, end: float
) -> tuple[int, str]:
    """Make one HTTP request over a Unix socket; return status and text of the answer.

    Raises TimeoutError at ``end`` (`time.monotonic`), OSError, ValueError or HTTPException.
    """
    data = (body or "").encode()
    length = f"Content-Length: {len(data)}\r\n" if body is not None else ""
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{length}\r\n"
    answer = bytearray()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_left(end))
        connection.connect(address)
        connection.sendall(head.encode() + data)
        while not _is_whole(answer):
            connection.settimeout(_left(end))
            chunk = connection.recv(65536)
            if not chunk:
                break
            answer += chunk
            if len(answer) > MAX_ANSWER:
                raise ValueError("the answer is too long")
    response = http.client.HTTPResponse(_Answer(answer))  # type: ignore[arg-type]
    response.begin()
    return response.status, response.read(MAX_ANSWER).decode("utf-8", "replace")


def _left(end: float) -> float:
    """Return the seconds that are left; raise TimeoutError where there are none."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _is_whole(answer: bytes | bytearray) -> bool:
    """Whether an answer that tells its end is complete: its server waits for our goodbye."""
    head, end, body = bytes(answer).partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if end and length is not None:
        return len(body) >= int(length[1])
    return b"chunked" in head and body.endswith(b"0\r\n\r\n")


class _Answer:
    """Bytes that have been received, as `http.client` wants to read them."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)
