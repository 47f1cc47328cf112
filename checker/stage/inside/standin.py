"""A witness between a page and the learner's server: passes everything on, writes down packets.

One thing it changes: the text of a ``response`` event on its way to the page gets a mark that
nobody can know beforehand. A page that shows the mark has it from the socket.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from . import ports
from .duplex import PATIENCE, Duplex

MAX_DATA = 100_000
"""Characters of one packet's data that are kept."""
MAX_PACKETS = 500
"""Packets that are written down; later ones still pass."""
MAX_BODY = 8_000_000
"""Bytes of a request or an answer."""
_KINDS = ("connect", "disconnect", "event", "ack", "connect_error", "event", "ack")
_PACKET = re.compile(r"4([0-6])(?:\d+-)?(?:(/[^,]*),?)?(\d+)?(.*)", re.DOTALL)
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "te", "upgrade"}


class Witness:
    """A relay on a free loopback port, in front of one server."""

    def __init__(
        self,
        port: int,
        host: str = "127.0.0.1",
        mark: str | None = None,
        page: int | None = None,
    ) -> None:
        """Stand before the server at ``host`` and ``port``; ``mark`` None changes nothing.

        With ``page``, the engine's process id, whoever else asks is turned away: the server, which
        shares the network, would read the mark itself.
        """
        self.target = (host, port)
        self.page = page
        self.mark = mark
        self._packets: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._began = time.monotonic()
        handler = type("Handler", (Handler,), {"witness": self})
        family = type("Relay", (_Relay,), {"address_family": _family(host), "witness": self})
        self._server = family((host if ":" in host else "127.0.0.1", 0), handler)
        self.port: int = self._server.server_address[1]

    def start(self) -> None:
        """Listen, in a thread that does not keep the process alive."""
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        """Listen no more. Open connections end with the page or the server."""
        self._server.shutdown()
        self._server.server_close()

    def events(self) -> list[dict[str, Any]]:
        """Return the packets so far: direction, transport, kind, namespace, event, data, at."""
        with self._lock:
            return list(self._packets)

    def see(self, direction: str, transport: str, text: str) -> str:
        """Write down one Engine.IO packet; return what is to be passed on in its place."""
        match = _PACKET.fullmatch(text)
        if match is None:
            return text
        kind = _KINDS[int(match[1])]
        data = _parse(match[4])
        event = None
        if kind == "event":
            if not isinstance(data, list) or not data:
                return text
            event = str(data[0])
        self._note(
            direction=direction,
            transport=transport,
            kind=kind,
            namespace=match[2] or "/",
            event=event,
            data=data,
        )
        if event == "response" and direction == "in" and self.mark is not None:
            return text[: match.start(4)] + _marked(data, self.mark)
        return text

    def _note(self, **packet: Any) -> None:
        data = packet["data"]
        if packet["event"] is not None:
            packet["data"] = data[1:]
        elif not isinstance(data, list):
            packet["data"] = [] if data is None else [data]
        if len(repr(packet["data"])) > MAX_DATA:
            packet["data"] = None
        packet["at"] = round(time.monotonic() - self._began, 3)
        with self._lock:
            if len(self._packets) < MAX_PACKETS:
                self._packets.append(packet)

    def see_payload(self, direction: str, body: bytes) -> bytes:
        """Do the same with the body of a polling request or answer."""
        packets = body.decode("utf-8", "replace").split("\x1e")
        return "\x1e".join(self.see(direction, "polling", item) for item in packets).encode()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _parse(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _marked(data: list[Any], mark: str) -> str:
    """Return the event's JSON with the mark after the answer's text (or all its texts)."""
    first = data[1] if len(data) > 1 else None
    if isinstance(first, dict) and isinstance(first.get("data"), str):
        arguments = [{**first, "data": first["data"] + mark}, *data[2:]]
    else:
        arguments = [_mark_all(item, mark) for item in data[1:]]
    return json.dumps([data[0], *arguments], separators=(",", ":"))


def _mark_all(value: Any, mark: str) -> Any:
    if isinstance(value, str):
        return value + mark
    if isinstance(value, list):
        return [_mark_all(item, mark) for item in value]
    if isinstance(value, dict) and "_placeholder" not in value:
        return {key: _mark_all(item, mark) for key, item in value.items()}
    return value


class _Relay(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    witness: Witness

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Let the page in, and nobody else."""
        page, port = self.witness.page, self.server_address[1]
        return page is None or ports.comes_from(page, client_address[:2], port)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that hangs up is nothing to talk about."""


class Handler(BaseHTTPRequestHandler):
    """One connection of the page, whose requests are asked of the learner's server."""

    witness: Witness
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""

    def _relay(self) -> None:
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self.close_connection = True
            Duplex(self).run()
            return
        query = parse_qs(urlsplit(self.path).query)
        polling = query.get("EIO") == ["4"] and query.get("transport") == ["polling"]
        body = self._body()
        if polling and body:
            self.witness.see_payload("out", body)
        try:
            status, reason, headers, answer = self._ask(body, plain=polling)
        except (OSError, http.client.HTTPException):
            self.close_connection = True
            return
        if polling and status == 200:
            answer = self.witness.see_payload("in", answer)
        self._answer(status, reason, headers, answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_HEAD = _relay

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(min(length, MAX_BODY))

    def _ask(self, body: bytes, *, plain: bool) -> tuple[int, str, list[tuple[str, str]], bytes]:
        """Ask the learner's server the same; ``plain``: without compression."""
        connection = http.client.HTTPConnection(*self.witness.target, timeout=PATIENCE)
        try:
            connection.putrequest(
                self.command, self.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in self.headers.items():
                if name.lower() not in _HOP and not (plain and name.lower() == "accept-encoding"):
                    connection.putheader(name, value)
            if body or self.command in {"POST", "PUT", "PATCH"}:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return answer.status, answer.reason, answer.getheaders(), answer.read(MAX_BODY)
        finally:
            connection.close()

    def _answer(
        self, status: int, reason: str, headers: list[tuple[str, str]], body: bytes
    ) -> None:
        self.send_response_only(status, reason)
        for name, value in headers:
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
