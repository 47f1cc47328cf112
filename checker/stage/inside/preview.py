"""Lets browsers outside use the learner's server inside, and reports what passed.

Connections that were accepted outside come in over a socket of their own, as descriptors. The
learner's script is a process apart; it meets what we connect to it, and nothing of ours.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

from . import ports
from .recorder import Recorder
from .relay import Place, Relay
from .rewrite import Library

if TYPE_CHECKING:
    from .driver import Driver

MAX_CONNECTIONS = 64
STACK = 512 * 1024
"""Bytes for a thread's stack: there are two for each WebSocket."""
DIAL_SECONDS = 10.0


class Preview:
    """The relays of one running script."""

    def __init__(self, driver: Driver, entrance: socket.socket, library: str, name: str) -> None:
        """Take connections from ``entrance``; the app is called ``name`` (a host) from outside."""
        self._driver = driver
        self._entrance = entrance
        self._name = name
        self._address: tuple[str, int] | None = None
        self._recorder = Recorder()
        self._room = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._place = Place(self._dial, self._inner, Library(library))
        threading.stack_size(STACK)
        threading.Thread(target=self._accept, daemon=True).start()

    def news(self, wait: float) -> dict[str, Any]:
        """Tell what has happened since the last call: records, and the state of the script."""
        script = self._driver.script
        exit_status = script.wait(0)
        state: dict[str, Any] = {"exit": exit_status}
        if exit_status is None and self._address is None:
            found = self._driver.do_listening(wait)
            if "port" in found:
                self._address = (found["host"], found["port"])
            wait = 0
        records, lost = self._recorder.take(wait if exit_status is None else 0)
        if self._address is not None:
            state["at"] = self._inner()
        return {**state, "records": records, "lost": lost}

    def _inner(self) -> str:
        host, port = self._address or (self._name, 0)
        name = self._name if host == "127.0.0.1" else host
        return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"

    def _dial(self) -> socket.socket | None:
        for address in (self._address, self._look()):
            if address is None:
                continue
            try:
                return socket.create_connection(address, DIAL_SECONDS)
            except OSError:
                continue
        return None

    def _look(self) -> tuple[str, int] | None:
        """Look again where the script listens: it may have moved."""
        script = self._driver.script
        found = ports.listening(None if self._driver.walled else script.pid)
        return found[0] if found else None

    def _accept(self) -> None:
        while True:
            data, descriptors, _, _ = socket.recv_fds(self._entrance, 16, 1)
            if not data:
                return
            for descriptor in descriptors:
                self._let_in(socket.socket(fileno=descriptor), data[0])

    def _let_in(self, near: socket.socket, user: int) -> None:
        if not self._room.acquire(blocking=False):
            near.close()
            return
        near.setblocking(True)
        relay = Relay(near, user, self._place, self._recorder)
        threading.Thread(target=self._run, args=(relay,), daemon=True).start()

    def _run(self, relay: Relay) -> None:
        try:
            relay.run()
        finally:
            self._room.release()
