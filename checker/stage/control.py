"""The judge's end of a control socket: orders to a process of ours, one at a time."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Sequence
from typing import Any

MAX_ANSWER = 1_000_000
"""Bytes of one answer."""


class Control:
    """Gives orders and hears answers, JSON lines both. Thread-safe; owns its socket."""

    def __init__(self, sock: socket.socket) -> None:
        """Speak over ``sock``, a connected stream socket."""
        self._socket = sock
        self._lock = threading.RLock()
        self._heard = bytearray()

    def ask(
        self, order: dict[str, Any], timeout: float, descriptors: Sequence[int] = ()
    ) -> dict[str, Any]:
        """Give one order, with descriptors if need be, and return its answer.

        Raises OSError (TimeoutError among them) or ValueError when there is none, and hangs up: an
        answer that came later would be taken for that of another order.
        """
        with self._lock:
            try:
                socket.send_fds(self._socket, [json.dumps(order).encode()], descriptors)
                return self.hear(timeout)
            except (OSError, ValueError):
                self.close()
                raise

    def hear(self, timeout: float) -> dict[str, Any]:
        """Return what the process says next; raises as `ask` does."""
        with self._lock:
            self._socket.settimeout(timeout)
            while b"\n" not in self._heard:
                chunk = self._socket.recv(65536)
                if not chunk or len(self._heard) > MAX_ANSWER:
                    raise OSError("the process has ended")
                self._heard += chunk
            line, _, self._heard = self._heard.partition(b"\n")
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise ValueError(answer)
        return answer

    @property
    def connected(self) -> bool:
        """Whether there is still somebody at the other end; does not wait for anything.

        While someone speaks with the process it counts as connected: they will find out.
        """
        if self._socket.fileno() < 0:
            return False
        if not self._lock.acquire(blocking=False):
            return True
        try:
            return self._silent() or bool(self._socket.recv(1, socket.MSG_PEEK))
        except (OSError, ValueError):  # ValueError: another thread has hung up in between
            return False
        finally:
            self._lock.release()

    def _silent(self) -> bool:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return not poll.poll(0)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
