"""The judge's end of a channel: orders out, observations in, both bounded, with a deadline."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import FileIO
from typing import Any, Protocol

from checker.stage.inside.wire import MAX_LINE

MAX_OUTPUT = 200_000
"""Characters of one stage's output that are kept; the rest is counted."""

MAX_DEPTH, MAX_VALUES = 64, 200_000
"""How deep an answer may be nested, and how many values it may hold."""


class StageGone(Exception):
    """The stage ended without an answer; the text says how, as far as that is known."""


class StageTimeout(Exception):
    """No answer came before the deadline. ``seconds`` is how long was waited."""

    def __init__(self, seconds: float) -> None:
        """Remember how long was waited."""
        super().__init__(f"no answer after {seconds:g} seconds")
        self.seconds = seconds


class Flag(Protocol):
    """Something that is set from outside, such as a `threading.Event`."""

    def is_set(self) -> bool:
        """Whether it is set by now."""


class Cancelled(Exception):
    """The run was cancelled from outside."""


class Channel:
    """Asks one process behind the walls, and keeps what the learner's app printed."""

    def __init__(
        self,
        sock: socket.socket,
        output: int,
        *,
        cancel: Flag | None = None,
        on_output: Callable[[str], None] | None = None,
        printed: str = "",
    ) -> None:
        """Own ``sock`` and ``output`` (the reading end of a pipe); `close` closes both.

        ``printed`` is what the app had printed before.
        """
        self._socket = sock
        self._output = output
        self._cancel = cancel
        self._on_output = on_output
        self._buffer = bytearray()
        self._printed: list[str] = [printed]
        self._size = len(printed)
        self._lost = 0
        self._closed = False
        sock.setblocking(False)
        os.set_blocking(output, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(sock, selectors.EVENT_READ)
        self._selector.register(output, selectors.EVENT_READ)

    @property
    def printed(self) -> str:
        """What the app printed so far (standard output and error), within bounds."""
        if not self._closed:
            self._read_output()
        text = "".join(self._printed)
        return text + (f"\n… ({self._lost} more bytes were printed)" if self._lost else "")

    def hand_over(self, on_output: Callable[[str], None] | None) -> None:
        """Tell somebody else from now on what the app prints, and first what it has printed."""
        printed, self._on_output = self.printed, on_output
        if on_output is not None and printed:
            on_output(printed)

    def take_printed(self) -> str:
        """Return what was printed since the last call, and forget it: for an app that runs long."""
        text = self.printed
        self._printed.clear()
        self._size = self._lost = 0
        return text

    def ask(
        self, order: dict[str, Any], timeout: float, descriptors: Sequence[int] = ()
    ) -> dict[str, Any]:
        """Send one order, with descriptors if need be, and return its answer.

        Raises StageGone, StageTimeout or Cancelled. An answer that is too long, too deep, no JSON
        or no object counts as the stage's end: nothing inside may make the judge guess.
        """
        end = time.monotonic() + timeout
        self._require_silence()
        line = json.dumps(order).encode() + b"\n"
        if descriptors:
            line = line[self._send_with(line, descriptors) :]
        self._send(line, end, timeout)
        while b"\n" not in self._buffer:
            self._wait(end, timeout)
        answer, _, rest = self._buffer.partition(b"\n")
        self._buffer = rest
        self._read_output()
        return _parse(bytes(answer))

    def _require_silence(self) -> None:
        """Nobody speaks without being asked: an answer belongs to one order."""
        with contextlib.suppress(OSError):
            self._buffer += self._socket.recv(1)
        if self._buffer:
            raise StageGone("it spoke without being asked")

    def _send_with(self, line: bytes, descriptors: Sequence[int]) -> int:
        try:
            return socket.send_fds(self._socket, [line], descriptors)
        except OSError:
            raise StageGone("it ended before it could be asked") from None

    def _send(self, data: bytes, end: float, timeout: float) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:
                if time.monotonic() > end:
                    raise StageTimeout(timeout) from None
                self._read_output()
                time.sleep(0.002)
            except OSError:
                raise StageGone("it ended before it could be asked") from None

    def _wait(self, end: float, timeout: float) -> None:
        left = end - time.monotonic()
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled
        ready = self._selector.select(max(0.0, min(left, 0.1)))
        if left <= 0 and all(key.fileobj is not self._socket for key, _ in ready):
            raise StageTimeout(timeout)  # and not where only this process was late
        for key, _ in ready:
            if key.fileobj is self._socket:
                self._read_answer()
            else:
                self._read_output()

    def _read_answer(self) -> None:
        try:
            chunk = self._socket.recv(262_144)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            raise StageGone("it ended without an answer")
        self._buffer += chunk
        if len(self._buffer) > MAX_LINE + 1 and b"\n" not in self._buffer[: MAX_LINE + 1]:
            raise StageGone("it sent an answer that is too long")

    def _read_output(self) -> None:
        for _ in range(64):
            try:
                chunk = os.read(self._output, 65536)
            except BlockingIOError:
                return
            except OSError:
                chunk = b""
            if not chunk:
                self._forget_output()
                return
            self._keep(chunk)

    def _keep(self, chunk: bytes) -> None:
        if self._size >= MAX_OUTPUT:
            self._lost += len(chunk)
            return
        text = chunk.decode("utf-8", "replace").replace("\0", "\ufffd")
        self._size += len(chunk)
        self._printed.append(text)
        if self._on_output is not None:
            self._on_output(text)

    def _forget_output(self) -> None:
        if self._output in self._selector.get_map():
            self._selector.unregister(self._output)

    def close(self) -> None:
        """Hang up; what was printed is kept."""
        self._read_output()
        self._closed = True
        self._selector.close()
        self._socket.close()
        os.close(self._output)


@contextmanager
def open_channel(
    cancel: Flag | None, on_output: Callable[[str], None] | None, printed: str = ""
) -> Iterator[tuple[Channel, socket.socket, FileIO]]:
    """Yield a channel, and its other ends: for orders, and for what the app prints."""
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    channel = Channel(ours, reading, cancel=cancel, on_output=on_output, printed=printed)
    with theirs, FileIO(writing, "wb") as output:
        try:
            yield channel, theirs, output
        finally:
            channel.close()


def encode(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return files as an order carries them."""
    return {name: base64.b64encode(data).decode() for name, data in files.items()}


def bounded_json(text: bytes | str) -> Any:
    """Read JSON that a stranger wrote; raise ValueError when it is none, too deep or too much.

    What is no number in JSON arrives as a text, so that reports stay valid.
    """
    try:
        value = json.loads(text, parse_constant=str)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _is_deep(value):
        raise ValueError("nested too deeply")
    return value


def _parse(line: bytes) -> dict[str, Any]:
    try:
        answer = bounded_json(line)
    except ValueError as error:
        told = "is nested too deeply" if "nested" in str(error) else "cannot be read"
        raise StageGone(f"it sent an answer that {told}") from None
    if not isinstance(answer, dict) or not answer.keys() & {"ok", "raised", "unsendable", "broken"}:
        raise StageGone("it sent an answer that cannot be understood")
    return answer


def _is_deep(value: object) -> bool:
    """Whether a value is nested deeper than `MAX_DEPTH`, or holds more than `MAX_VALUES`."""
    level, seen = [value], 0
    for _ in range(MAX_DEPTH):
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, list):
                below += item
        seen += len(below)
        if not below or seen > MAX_VALUES:
            return seen > MAX_VALUES
        level = below
    return True
