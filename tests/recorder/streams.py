"""From the bytes of a connection to messages: HTTP requests and responses, WebSocket frames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, TextMessage
from wsproto.extensions import Extension, PerMessageDeflate

from tests.recorder.relay import IN, OUT, Chunk

END = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
EXTENSIONS = "sec-websocket-extensions"


@dataclass(frozen=True, slots=True)
class Wired:
    """One message: ``kind`` is request, response, frame, close or end.

    ``size`` counts its bytes on the wire, ``head`` is an HTTP head's first line with its headers,
    ``body`` is text, or bytes in a binary frame.
    """

    at: float
    connection: int
    direction: str
    kind: str
    size: int
    head: tuple[str, dict[str, str]] | None = None
    body: str | bytes = ""


@dataclass
class Stream:
    """One connection, read as its bytes come."""

    number: int
    _buffers: dict[str, bytes] = field(default_factory=lambda: {OUT: b"", IN: b""})
    _frames: dict[str, Connection] | None = None
    _asked: dict[str, str] = field(default_factory=dict)

    def read(self, chunk: Chunk) -> Iterator[Wired]:
        """Yield the messages that ``chunk`` completes."""
        if not chunk.data:
            yield from self._ended(chunk)
        elif self._frames is not None:
            yield from self._framed(chunk, chunk.data)
        else:
            self._buffers[chunk.direction] += chunk.data
            yield from self._http(chunk)

    def _http(self, chunk: Chunk) -> Iterator[Wired]:
        side = chunk.direction
        while END in self._buffers[side]:
            head, _, rest = self._buffers[side].partition(END)
            line, headers = _head(head)
            upgraded = side == IN and " 101" in line
            bodiless = side == OUT or upgraded or re.match(r"HTTP/1.1 (204|304) ", line) is not None
            length = _body_length(headers, rest, bodiless)
            if length is None or len(rest) < length:
                return
            body, left = rest[:length], rest[length:]
            self._buffers[side] = left
            kind = "request" if side == OUT else "response"
            size = len(head) + len(END) + length
            if headers.get("transfer-encoding") == "chunked":
                body = _joined(body)
            yield Wired(chunk.at, self.number, side, kind, size, (line, headers), _text(body))
            if side == OUT:
                self._asked = headers
            if upgraded:
                self._frames = _connections(self._asked, headers)
                yield from self._framed(chunk, b"")
                return

    def _framed(self, chunk: Chunk, data: bytes) -> Iterator[Wired]:
        side = chunk.direction
        self._buffers[side] += data
        while (length := _frame_length(self._buffers[side])) is not None:
            frame, self._buffers[side] = self._buffers[side][:length], self._buffers[side][length:]
            yield from self._frame(chunk, frame)

    def _frame(self, chunk: Chunk, frame: bytes) -> Iterator[Wired]:
        assert self._frames is not None
        side, number, size = chunk.direction, self.number, len(frame)
        reader = self._frames[side]
        reader.receive_data(frame)
        for event in reader.events():
            if isinstance(event, TextMessage):
                yield Wired(chunk.at, number, side, "frame", size, None, str(event.data))
            elif isinstance(event, BytesMessage):
                yield Wired(chunk.at, number, side, "frame", size, None, bytes(event.data))
            elif isinstance(event, CloseConnection):
                yield Wired(chunk.at, number, side, "close", size)

    def _ended(self, chunk: Chunk) -> Iterator[Wired]:
        yield Wired(chunk.at, self.number, chunk.direction, "end", 0)


def messages(chunks: list[Chunk]) -> list[Wired]:
    """Return the messages in ``chunks``, in the order in which each was complete."""
    streams: dict[int, Stream] = {}
    return [
        message
        for chunk in chunks
        for message in streams.setdefault(chunk.connection, Stream(chunk.connection)).read(chunk)
    ]


def _head(data: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = data.decode("latin-1").split("\r\n")
    pairs = (line.partition(":")[::2] for line in lines)
    return first, {name.strip().lower(): value.strip() for name, value in pairs}


def _body_length(headers: dict[str, str], rest: bytes, may_lack: bool) -> int | None:
    """Return how long a body is, or None while that cannot be known."""
    if headers.get("transfer-encoding") == "chunked":
        end = rest.find(LAST_CHUNK)
        return end + len(LAST_CHUNK) if end >= 0 else None
    if "content-length" in headers:
        return int(headers["content-length"])
    return 0 if may_lack else None


def _joined(chunked: bytes) -> bytes:
    body = b""
    while chunked != b"":
        size, _, chunked = chunked.partition(b"\r\n")
        body += chunked[: int(size, 16)]
        chunked = chunked[int(size, 16) + 2 :]
    return body


def _frame_length(data: bytes) -> int | None:
    """Return the length of the frame that ``data`` begins with, None if it is not all there."""
    if len(data) < 2:
        return None
    short = data[1] & 0x7F
    more = {126: 2, 127: 8}.get(short, 0)
    length = int.from_bytes(data[2 : 2 + more], "big") if more else short
    total = 2 + more + (4 if data[1] & 0x80 else 0) + length
    return total if len(data) >= max(total, 2 + more) else None


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _connections(asked: dict[str, str], agreed: dict[str, str]) -> dict[str, Connection]:
    """Two readers: the server's for what the page sends, the page's for what comes back."""
    accepted = agreed.get(EXTENSIONS)
    return {
        OUT: Connection(ConnectionType.SERVER, _server_extensions(asked, accepted)),
        IN: Connection(ConnectionType.CLIENT, _client_extensions(accepted)),
    }


def _server_extensions(asked: dict[str, str], accepted: str | None) -> list[Extension]:
    if not accepted:
        return []
    extension = PerMessageDeflate()
    extension.accept(asked[EXTENSIONS])
    return [extension]


def _client_extensions(accepted: str | None) -> list[Extension]:
    if not accepted:
        return []
    extension = PerMessageDeflate()
    extension.offer()
    extension.finalize(accepted)
    return [extension]
