"""The door of all previews: one port, where a connection's host name says whose it is.

The name has a part that nobody can guess. It is read without being taken from the connection,
which then goes on to the relay of that preview.
"""

from __future__ import annotations

import contextlib
import logging
import re
import selectors
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from webapp.config import ConfigError

LetIn: TypeAlias = Callable[[str, socket.socket], bool]
"""Takes a connection for a label and says whether it could; the gate closes its own copy."""

MOST_HEAD = 16 * 1024
MOST_WAITING = 200
PATIENCE = 10.0
"""Seconds for a connection to say whom it wants."""
LOOK_AGAIN = 0.02
_HOST = re.compile(rb"\r\nhost:[ \t]*([a-z0-9]{1,63})\.", re.IGNORECASE)
_NOBODY = "No app runs here. Go to the course and press Run."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Visitor:
    connection: socket.socket
    until: float


class Gate:
    """Listens on one port, on the loopback addresses or on ``host``."""

    def __init__(self, let_in: LetIn, host: str = "", port: int = 0) -> None:
        """Listen at once; raises ConfigError when the port is taken."""
        self._let_in = let_in
        self._listeners = _listen(host, port)
        self.port: int = self._listeners[0].getsockname()[1]
        self._closed = threading.Event()
        self._waiting: list[_Visitor] = []
        self._thread = threading.Thread(target=self._work, name="preview-gate", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._closed.set()
        self._thread.join(5)

    def _work(self) -> None:
        with selectors.DefaultSelector() as selector:
            for listener in self._listeners:
                selector.register(listener, selectors.EVENT_READ)
            while not self._closed.is_set():
                for key, _ in selector.select(LOOK_AGAIN if self._waiting else 0.2):
                    self._accept(key.fileobj)
                self._waiting = [each for each in self._waiting if not self._is_done(each)]
        for each in (*self._listeners, *(visitor.connection for visitor in self._waiting)):
            each.close()

    def _accept(self, listener: object) -> None:
        assert isinstance(listener, socket.socket)
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        if len(self._waiting) >= MOST_WAITING:
            connection.close()
            return
        connection.setblocking(False)
        visitor = _Visitor(connection, time.monotonic() + PATIENCE)
        if not self._is_done(visitor):
            self._waiting.append(visitor)

    def _is_done(self, visitor: _Visitor) -> bool:
        """Pass a visitor on, or send them away; False while they have not said all."""
        connection = visitor.connection
        try:
            head = connection.recv(MOST_HEAD, socket.MSG_PEEK)
        except BlockingIOError:
            head = None
        except OSError:
            head = b""
        if head is None or (head and b"\r\n\r\n" not in head and len(head) < MOST_HEAD):
            if time.monotonic() < visitor.until:
                return False
            head = b""
        if head:
            self._route(head, connection)
        connection.close()
        return True

    def _route(self, head: bytes, connection: socket.socket) -> None:
        found = _HOST.search(head.partition(b"\r\n\r\n")[0])
        label = found[1].decode().lower() if found else ""
        try:
            if label and self._let_in(label, connection):
                return
        except Exception:
            log.exception("A visitor of a preview could not be let in.")
        with contextlib.suppress(OSError):
            connection.send(_refusal())
            connection.recv(MOST_HEAD)


def _refusal() -> bytes:
    head = (
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(_NOBODY)}\r\nConnection: close\r\n\r\n"
    )
    return (head + _NOBODY).encode()


def _listen(host: str, port: int) -> list[socket.socket]:
    try:
        first = socket.create_server((host or "127.0.0.1", port), backlog=128)
    except OSError as error:
        raise ConfigError(f"Previews cannot use port {port}: {error.strerror}.") from None
    listeners = [first]
    if not host:  # browsers may look for a name under localhost at either address
        with contextlib.suppress(OSError):
            again = ("::1", first.getsockname()[1])
            listeners.append(socket.create_server(again, family=socket.AF_INET6, backlog=128))
    for each in listeners:
        each.setblocking(False)
    return listeners
