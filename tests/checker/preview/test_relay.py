"""One connection of a browser, passed on: what is left when one side has hung up."""

import socket
import threading
from pathlib import Path

import pytest

from checker.stage.inside import relay
from checker.stage.inside.recorder import Recorder
from checker.stage.inside.relay import Place, Relay
from checker.stage.inside.rewrite import Library

ASK = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a.localhost\r\n"
    b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
)
AGREED = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


def test_a_server_that_never_hangs_up_keeps_no_line_of_a_browser_that_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread waited for such a server until the app was stopped, and so the line stayed open."""
    monkeypatch.setattr(relay, "LEAVING_SECONDS", 0.05, raising=False)
    (browser, near), (far, server) = socket.socketpair(), socket.socketpair()
    with browser, server:
        server.settimeout(20)
        place = Place(lambda: far, lambda: "127.0.0.1:5000", Library(str(tmp_path)))
        running = threading.Thread(target=Relay(near, 1, place, Recorder()).run)
        before = set(threading.enumerate())
        running.start()
        browser.sendall(ASK)
        assert server.recv(65536).startswith(b"GET /socket.io/")
        server.sendall(AGREED)
        assert browser.recv(65536).startswith(b"HTTP/1.1 101")
        browser.close()
        running.join(20)
        left = set(threading.enumerate()) - before
        for thread in left:
            thread.join(5)
        assert not any(thread.is_alive() for thread in left)
        assert server.recv(1) == b""
