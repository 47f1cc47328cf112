"""Between a browser outside and the learner's server inside: one connection, passed on.

Bytes of a WebSocket pass untouched; the recorder reads along.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import h11

from .recorder import MAX_BODY, Frames, Line, Recorder
from .rewrite import LIBRARY, Headers, Library, Names, is_page

CHUNK = 65_536
IDLE_SECONDS = 120.0
"""How long a browser's connection may wait for its next request."""
ANSWER_SECONDS = 600.0
"""How long the learner's server may take for an answer: a poll waits for news."""
LEAVING_SECONDS = 5.0
"""How long the learner's server may go on sending to a browser that has hung up."""
NOT_THERE = "Your app does not answer: no server listens."


@dataclass(frozen=True)
class Place:
    """Where the learner's server is: ``dial`` connects to it, ``inner`` is its host and port."""

    dial: Callable[[], socket.socket | None]
    inner: Callable[[], str]
    library: Library


class Relay:
    """Serves one connection of a browser until one side hangs up."""

    def __init__(self, near: socket.socket, user: int, place: Place, recorder: Recorder) -> None:
        """Own ``near``; ``user`` tells two users of one preview apart."""
        self._near = near
        self._user = user
        self._place = place
        self._recorder = recorder
        self._browser = h11.Connection(h11.SERVER)
        near.settimeout(IDLE_SECONDS)

    def run(self) -> None:
        """Pass requests on, one after the other. Whatever breaks the protocol ends it."""
        try:
            with suppress(OSError, h11.ProtocolError):
                while isinstance(request := _next(self._browser, self._near), h11.Request):
                    if not self._serve(request):
                        return
                    self._browser.start_next_cycle()
        finally:
            self._near.close()

    def _serve(self, request: h11.Request) -> bool:
        """Answer one request; return whether the connection is good for another."""
        target = request.target.decode("latin-1")
        if target.startswith(LIBRARY):
            self._answer_library(target)
        elif (far := self._place.dial()) is None:
            self._answer(502, NOT_THERE.encode(), b"text/plain; charset=utf-8")
        else:
            with far:
                far.settimeout(ANSWER_SECONDS)
                exchange = Exchange(self, request, far)
                if exchange.run():
                    return False
        return self._browser.our_state is h11.DONE and self._browser.their_state is h11.DONE

    def _answer_library(self, target: str) -> None:
        found = self._place.library.read(target)
        if found is None:
            self._answer(404, b"There is no such file.", b"text/plain; charset=utf-8")
        else:
            self._answer(200, found, b"text/javascript; charset=utf-8")

    def _answer(self, status: int, body: bytes, kind: bytes) -> None:
        while not isinstance(_next(self._browser, self._near), h11.EndOfMessage):
            pass
        headers = [(b"Content-Type", kind), (b"Content-Length", str(len(body)).encode())]
        self.send(h11.Response(status_code=status, headers=headers))
        self.send(h11.Data(data=body))
        self.send(h11.EndOfMessage())

    def send(self, event: Any) -> None:
        """Send an event to the browser."""
        if data := self._browser.send(event):
            self._near.sendall(data)


class Exchange:
    """One request of a browser, and the answer of the learner's server."""

    def __init__(self, relay: Relay, request: h11.Request, far: socket.socket) -> None:
        """Carry ``request`` to the server at the end of ``far``."""
        self._relay = relay
        self._request = request
        self._far = far
        self._server = h11.Connection(h11.CLIENT)
        self._names = Names.of(relay._place.inner(), request.headers)
        self._target = request.target.decode("latin-1")
        query = parse_qs(urlsplit(self._target).query)
        self._transport = query.get("transport", [""])[0] if "EIO" in query else ""
        self._upgrade = any(
            name == b"upgrade" and value.lower() == b"websocket" for name, value in request.headers
        )
        self._line = self._new_line(query.get("sid", [None])[0]) if self._transport else None
        self._began = time.monotonic()
        self._size = 0

    def _new_line(self, sid: str | None) -> Line:
        transport = "websocket" if self._upgrade else "polling"
        return Line(self._relay._recorder, self._relay._user, transport, sid)

    def run(self) -> bool:
        """Carry it out; return whether the connection has become something else, and is over."""
        self._ask()
        answer = _next(self._server, self._far)
        while isinstance(answer, h11.InformationalResponse):
            if answer.status_code == 101:
                self._switch(answer)
                return True
            answer = _next(self._server, self._far)
        if not isinstance(answer, h11.Response):
            return True
        self._pass_back(answer)
        return False

    def _ask(self) -> None:
        headers = self._names.asking(self._request.headers.raw_items(), plain=bool(self._transport))
        wish = b"Upgrade" if self._upgrade else b"close"
        headers += [(b"Connection", wish)] + ([(b"Upgrade", b"websocket")] if self._upgrade else [])
        ask = h11.Request(method=self._request.method, target=self._request.target, headers=headers)
        self._send(ask)
        body = bytearray()
        while isinstance(part := _next(self._relay._browser, self._relay._near), h11.Data):
            self._send(part)
            body += part.data[: max(0, MAX_BODY - len(body))]
        if not isinstance(part, h11.EndOfMessage):
            raise ConnectionError("the browser hung up")
        self._send(part)
        if self._line is not None and body:
            self._line.body("server", bytes(body))

    def _send(self, event: Any) -> None:
        if data := self._server.send(event):
            self._far.sendall(data)

    # ------------------------------------------------------------ ordinary answers

    def _pass_back(self, answer: h11.Response) -> None:
        headers = self._names.answering(answer.headers.raw_items())
        body = bytearray()
        if is_page(answer.headers) and self._request.method != b"HEAD":
            self._pass_page(answer, headers)
        else:
            self._relay.send(_answer(answer, headers))
            for part in self._parts():
                self._relay.send(h11.Data(data=part))
                body += part[: max(0, MAX_BODY - len(body))] if self._line else b""
            self._relay.send(h11.EndOfMessage())
        if self._line is not None and answer.status_code == 200 and self._request.method == b"GET":
            self._line.body("page", bytes(body))
        self._note(answer.status_code)

    def _pass_page(self, answer: h11.Response, headers: Headers) -> None:
        body = self._names.page(b"".join(self._parts()), self._relay._place.library)
        headers = [item for item in headers if item[0].lower() != b"content-length"]
        headers.append((b"Content-Length", str(len(body)).encode()))
        self._relay.send(_answer(answer, headers))
        self._relay.send(h11.Data(data=body))
        self._relay.send(h11.EndOfMessage())

    def _parts(self) -> Any:
        while isinstance(part := _next(self._server, self._far), h11.Data):
            self._size += len(part.data)
            yield bytes(part.data)
        if not isinstance(part, h11.EndOfMessage):
            raise ConnectionError("the server hung up")

    def _note(self, status: int) -> None:
        self._relay._recorder.note(
            kind="request",
            user=self._relay._user,
            session=self._line.session if self._line else None,
            transport=self._transport or "http",
            method=self._request.method.decode("latin-1"),
            path=self._target[:300],
            status=status,
            size=self._size,
            seconds=round(time.monotonic() - self._began, 4),
        )

    # ------------------------------------------------------------ WebSocket

    def _switch(self, answer: h11.InformationalResponse) -> None:
        headers = [(b"Connection", b"Upgrade"), (b"Upgrade", b"websocket")]
        headers += self._names.answering(answer.headers.raw_items())
        self._relay.send(h11.InformationalResponse(status_code=101, headers=headers))
        self._note(101)
        near, far = self._relay._near, self._far
        near.settimeout(None)
        far.settimeout(None)
        early = bytes(self._server.trailing_data[0])
        back = threading.Thread(target=self._pump, args=(far, near, "page", early), daemon=True)
        back.start()
        self._pump(near, far, "server", bytes(self._relay._browser.trailing_data[0]))
        back.join(LEAVING_SECONDS)
        _shut(near, far)  # what is only closed is kept open by whoever waits for it

    def _pump(self, source: socket.socket, sink: socket.socket, to: str, early: bytes) -> None:
        """Pass bytes on until ``source`` has no more; the other way may go on a little longer."""
        frames = Frames(self._line, to) if self._line is not None else None
        try:
            chunk = early or source.recv(CHUNK)
            while chunk:
                sink.sendall(chunk)
                if frames is not None:
                    frames.feed(chunk)
                chunk = source.recv(CHUNK)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            _shut(source, sink)


def _shut(*ends: socket.socket) -> None:
    for each in ends:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _answer(answer: h11.Response, headers: Headers) -> h11.Response:
    return h11.Response(status_code=answer.status_code, headers=headers, reason=answer.reason)


def _next(connection: h11.Connection, sock: socket.socket) -> Any:
    """Return the next event of a side, reading as needed; `h11.ConnectionClosed` at its end."""
    while (event := connection.next_event()) is h11.NEED_DATA:
        connection.receive_data(sock.recv(CHUNK))
    return event
