"""A line between browser and server that a test can cut and mend."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import WebSocketRoute


class Cut:
    """Passes TCP connections on to a local port, until it is `cut`; `mend` lets new ones in."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._whole = True
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections, and take no new ones."""
        self._whole = False
        with self._lock:
            ended, self._open = self._open, set()
        for each in ended:
            _end(each)

    def mend(self) -> None:
        """Take connections again."""
        self._whole = True

    def close(self) -> None:
        """Cut, for good."""
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                _end(near)
                continue
            far = socket.create_connection(("127.0.0.1", self._target))
            with self._lock:
                self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with self._lock:
            self._open -= {source, sink}
        _end(source)
        _end(sink)


def answers_late(mark: str, answers: str = "43") -> Callable[[WebSocketRoute], None]:
    """Return a route that holds answers back until news with this mark has passed.

    ``answers`` is how their packets begin.
    """

    def route(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        held: list[str | bytes] = []
        seen = threading.Event()

        def pass_on(message: str | bytes) -> None:
            if str(message).startswith(answers) and not seen.is_set():
                held.append(message)
                return
            page.send(message)
            if mark in str(message):
                seen.set()
                for answer in held:
                    page.send(answer)

        server.on_message(pass_on)
        page.on_message(server.send)

    return route


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
