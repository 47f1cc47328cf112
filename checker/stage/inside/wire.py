"""JSON lines over a socket: one order or one observation a line, bounded in size."""

from __future__ import annotations

import json
import socket
from typing import Any

MAX_LINE = 1_000_000
"""Bytes in one line, either way. The judge enforces the same bound on what it reads."""
_ROOM = socket.CMSG_SPACE(2 * 4)
"""For the two descriptors that may come with an order."""


class Wire:
    """One end of a channel, as seen from inside the sandbox."""

    def __init__(self, channel: socket.socket) -> None:
        """Speak over ``channel``, a connected stream socket."""
        self._channel = channel
        self._buffer = bytearray()
        self.descriptors: list[int] = []
        """Descriptors that came with orders; whoever obeys the order takes them."""

    def close(self) -> None:
        """Leave the channel to others."""
        self._channel.close()

    def receive(self) -> dict[str, Any] | None:
        """Return the next order, or None when the judge has gone."""
        while b"\n" not in self._buffer:
            chunk, extras, _, _ = self._channel.recvmsg(65536, _ROOM)
            if not chunk:
                return None
            self._buffer += chunk
            for _, _, numbers in extras:
                self.descriptors += memoryview(numbers).cast("i")
        line, _, rest = self._buffer.partition(b"\n")
        self._buffer = rest
        order = json.loads(line)
        assert isinstance(order, dict)
        return order

    def send(self, observation: dict[str, Any]) -> None:
        """Send one observation; one that is too long or not JSON is replaced by saying so."""
        try:
            line = json.dumps(observation).encode()
        except (TypeError, ValueError, RecursionError) as error:
            line = json.dumps({"unsendable": f"{type(error).__name__}: {error}"[:400]}).encode()
        if len(line) >= MAX_LINE:
            line = json.dumps({"unsendable": f"an answer of {len(line)} bytes"}).encode()
        self._channel.sendall(line + b"\n")
