"""A line between one page and the server: passes every byte on, and keeps it with its time."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

OUT, IN = "out", "in"
"""From the page to the server, and back."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some bytes of a connection (numbered from 1), or its end where ``data`` is empty."""

    at: float
    connection: int
    direction: str
    data: bytes


class Relay:
    """Listens on a free loopback port; `cut` ends every connection and takes no new ones."""

    def __init__(self, target: int) -> None:
        """Stand before the server at port ``target``."""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._chunks: list[Chunk] = []
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self._connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def chunks(self) -> list[Chunk]:
        """Return what passed so far, in order."""
        with self._lock:
            return list(self._chunks)

    def cut(self) -> None:
        """End every connection, and drop whoever comes until `mend`."""
        self._is_cut = True
        with self._lock:
            ending, self._open = self._open, set()
        for each in ending:
            _hang_up(each)

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    def close(self) -> None:
        """End everything."""
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                page, _ = self._listener.accept()
                self._connections += 1
                number = self._connections
                if self._is_cut:
                    self._keep(number, OUT, b"")
                    page.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._target), timeout=60)
                server.settimeout(None)
                with self._lock:
                    self._open |= {page, server}
                for source, sink, direction in ((page, server, OUT), (server, page, IN)):
                    pump = (source, sink, number, direction)
                    threading.Thread(target=self._pump, args=pump, daemon=True).start()

    def _pump(
        self, source: socket.socket, sink: socket.socket, number: int, direction: str
    ) -> None:
        with suppress(OSError):
            while chunk := source.recv(65_536):
                self._keep(number, direction, chunk)
                sink.sendall(chunk)
        self._keep(number, direction, b"")
        _hang_up(source)
        _hang_up(sink)

    def _keep(self, number: int, direction: str, data: bytes) -> None:
        with self._lock:
            self._chunks.append(Chunk(time.monotonic(), number, direction, data))


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
