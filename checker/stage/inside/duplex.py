"""A WebSocket between a page and the learner's server, passed on both ways, message by message."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage

if TYPE_CHECKING:
    from .standin import Handler

MAX_HEAD = 65_536
"""Bytes of the head of an answer to an upgrade request."""
PATIENCE = 60
"""Seconds for the learner's server to answer."""


class Duplex:
    """One WebSocket, passed on message by message."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.witness = handler.witness
        self.page: socket.socket = handler.connection
        self.to_page = Connection(ConnectionType.SERVER)
        self.to_server = Connection(ConnectionType.CLIENT)

    def run(self) -> None:
        """Pass on the handshake, then everything, until one side ends."""
        try:
            server = socket.create_connection(self.witness.target, timeout=PATIENCE)
        except OSError:
            return
        with server:
            server.sendall(self._request_head())
            head, rest = _read_head(server)
            self.page.sendall(head)
            if head.split(b"\r\n", 1)[0].split(b" ")[1:2] != [b"101"]:
                self._copy_rest(server, rest)
                return
            server.settimeout(None)
            self.page.settimeout(None)
            back = threading.Thread(
                target=self._pump,
                args=(server, self.to_server, self.page, self.to_page, "in", rest),
                daemon=True,
            )
            back.start()
            self._pump(self.page, self.to_page, server, self.to_server, "out", b"")
            back.join(2)

    def _request_head(self) -> bytes:
        lines = [f"{self.handler.command} {self.handler.path} HTTP/1.1"]
        for name, value in self.handler.headers.items():
            if name.lower() != "sec-websocket-extensions":
                lines.append(f"{name}: {value}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _copy_rest(self, server: socket.socket, rest: bytes) -> None:
        server.settimeout(2)
        with suppress(OSError):
            while rest:
                self.page.sendall(rest)
                rest = server.recv(65_536)

    def _pump(
        self,
        source: socket.socket,
        reader: Connection,
        sink: socket.socket,
        writer: Connection,
        direction: str,
        early: bytes,
    ) -> None:
        parts: list[str] = []
        send = _sender(sink, writer)
        with suppress(Exception):  # whatever a side does against the protocol ends its socket
            chunk = early or source.recv(65_536)
            while chunk:
                reader.receive_data(chunk)
                for event in reader.events():
                    self._pass(event, direction, parts, send)
                chunk = source.recv(65_536)
        _hang_up(source)
        _hang_up(sink)

    def _pass(
        self, event: Event, direction: str, parts: list[str], send: Callable[[Event], None]
    ) -> None:
        if isinstance(event, TextMessage):
            parts.append(event.data)
            if event.message_finished:
                text = self.witness.see(direction, "websocket", "".join(parts))
                parts.clear()
                send(TextMessage(data=text))
        elif isinstance(event, (BytesMessage, CloseConnection, Ping)):
            send(event)


def _sender(sink: socket.socket, writer: Connection) -> Callable[[Event], None]:
    def send(event: Event) -> None:
        sink.sendall(writer.send(event))

    return send


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _read_head(connection: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data and len(data) < MAX_HEAD:
        chunk = connection.recv(65_536)
        if not chunk:
            break
        data += chunk
    head, mark, rest = data.partition(b"\r\n\r\n")
    return head + mark, rest
