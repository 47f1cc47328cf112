"""A client in the judge takes what an app says over HTTP, and no more than it can bear."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from checker.check import Crash, Failure, TimedOut
from checker.link import Link, Watch
from checker.polling import MAX_PACKETS, PollingClient, exchange

OPENED = '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'
JOINED = '40{"sid":"b"}'


class Judge:
    """A link as far as a polling client needs one; there is no app behind it."""

    def __init__(self, seconds: float) -> None:
        """Give the check so many seconds."""
        self.watch = Watch(deadline=time.monotonic() + seconds)

    def advice(self, text: str | None = None) -> str | None:
        return None

    def crash(self, message: str) -> Crash:
        return Crash(message, help="-")


class App:
    """Answers each request to poll with the next text, and then with what ``more`` returns."""

    def __init__(self, address: str, more: Callable[[], str]) -> None:
        """Listen at ``address``."""
        self.requests: list[str] = []
        self._texts = [OPENED, JOINED]
        self._more = more
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(address)
        self.socket.listen(32)

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                request = connection.recv(65536).decode()
                self.requests.append(request)
                polled = request.startswith("GET")
                text = (self._texts.pop(0) if self._texts else self._more()) if polled else "ok"
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text.encode())}\r\n\r\n"
                try:
                    connection.sendall(head.encode() + text.encode())
                except OSError:
                    continue


@contextmanager
def client_of(
    folder: Path, more: Callable[[], str], seconds: float = 20.0
) -> Iterator[tuple[PollingClient, App]]:
    """Connect a client to an app that answers what ``more`` says."""
    address = str(folder / "app")
    app = App(address, more)
    thread = threading.Thread(target=app.serve, daemon=True)
    thread.start()
    try:
        yield PollingClient(cast(Link, Judge(seconds)), address, "socket.io"), app
    finally:
        app.socket.shutdown(socket.SHUT_RDWR)
        app.socket.close()
        thread.join(5)


def test_an_event_is_taken_from_an_answer(tmp_path: Path) -> None:
    with client_of(tmp_path, lambda: '42["response",{"data":1}]') as (client, _):
        assert client.connected
        assert client.receive("response", help="-").data == {"data": 1}


def test_events_without_end_are_too_many(tmp_path: Path) -> None:
    with (
        client_of(tmp_path, lambda: '42["noise"]') as (client, app),
        pytest.raises(Failure, match=r"sent more than 1,\d\d\d events to one client"),
    ):
        client.receive("response", help="-", within=20)
    assert len(app.requests) <= MAX_PACKETS + 5


def test_packets_of_one_answer_are_bounded(tmp_path: Path) -> None:
    crowd = "\x1e".join(['42["x"]'] * 100_000)
    with client_of(tmp_path, lambda: crowd) as (client, app):
        with pytest.raises(Failure, match=r"sent more than 1,999 events to one client"):
            client.receive("response", help="-", within=20)
        assert len(app.requests) < 10


def test_bytes_of_all_answers_are_bounded(tmp_path: Path) -> None:
    large = f"42{json.dumps(['x', *[[]] * 190_000])}"
    with client_of(tmp_path, lambda: large) as (client, app):
        with pytest.raises(Failure, match=r"sent more than \d events to one client"):
            client.receive("response", help="-", within=20)
        assert len(app.requests) < 15


@pytest.mark.parametrize("texts", [["6"], ["6"] * 100, ["3"]])
def test_an_app_that_never_answers_the_question_is_given_up(
    tmp_path: Path, texts: list[str]
) -> None:
    def dally() -> str:
        time.sleep(0.01)
        return "\x1e".join(texts)

    begun = time.monotonic()
    with client_of(tmp_path, dally, seconds=1) as (client, _), pytest.raises(Failure):
        client.received()
    assert time.monotonic() - begun < 3


def test_an_app_that_asks_many_times_at_once_is_answered_once(tmp_path: Path) -> None:
    crowd = "\x1e".join(["2"] * 1000)
    with client_of(tmp_path, lambda: crowd) as (client, app):
        with pytest.raises(Failure):
            client.receive("response", help="-", within=5)
        assert sum(request.endswith("\r\n\r\n3") for request in app.requests) <= 2


@pytest.mark.parametrize("text", ["42[", "42" + "[" * 5000, f'42["x",{"9" * 5000}]', "hello"])
def test_what_cannot_be_read_is_the_apps_fault(tmp_path: Path, text: str) -> None:
    with (
        client_of(tmp_path, lambda: text) as (client, _),
        pytest.raises(Crash, match="no answer that it understands"),
    ):
        client.receive("response", help="-", within=1)


def test_an_answer_that_trickles_has_a_deadline(tmp_path: Path) -> None:
    address = str(tmp_path / "app")
    over = threading.Event()

    def trickle(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            while not over.wait(0.002):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(address)
        listener.listen(1)
        thread = threading.Thread(target=trickle, args=(listener,), daemon=True)
        thread.start()
        guard = threading.Timer(4, over.set)
        guard.start()
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            exchange(address, "GET", "/", None, begun + 0.3)
        assert time.monotonic() - begun < 2
        guard.cancel()
        over.set()
        thread.join(5)


def test_a_client_does_not_begin_what_is_late(tmp_path: Path) -> None:
    with client_of(tmp_path, lambda: "6") as (client, app):
        asked = len(app.requests)
        with pytest.raises(TimedOut):
            client._poll_until("/nowhere", time.monotonic() - 1)
        assert len(app.requests) == asked
