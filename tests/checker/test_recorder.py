"""What arrived for a test client, while threads of the app go on sending."""

import sys
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from checker.stage.inside.actor import _Recorder

SENDERS, EACH = 4, 3_000


@pytest.fixture(autouse=True)
def hasty() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


class FakeClient:
    eio_sid = "me"

    def __init__(self) -> None:
        self.queue: list[dict[str, Any]] = []

    def is_connected(self, namespace: str) -> bool:
        return True


def test_no_event_of_a_thread_is_lost_while_others_are_read() -> None:
    """A tick that came while the judge read the one before it was gone: a check failed for it."""
    client = FakeClient()

    def deliver(_: str, number: int) -> None:
        client.queue.append({"name": "tick", "args": [number], "namespace": "/"})

    server = SimpleNamespace(_send_packet=deliver, _send_eio_packet=deliver)
    recorder = _Recorder(client, "/")
    recorder.watch(server)

    def send(first: int) -> None:
        for number in range(first, first + EACH):
            while len(client.queue) > 500:  # more than so many are a flood, and are dropped
                continue
            server._send_packet("me", number)

    senders = [threading.Thread(target=send, args=(n * EACH,)) for n in range(SENDERS)]
    for sender in senders:
        sender.start()
    events: list[dict[str, Any]] = []
    while any(sender.is_alive() for sender in senders):
        events += recorder.drain()["events"]
    events += recorder.drain()["events"]
    assert sorted(event["args"][0] for event in events) == list(range(SENDERS * EACH))
    assert all(0 < event["at"] <= time.monotonic() - recorder._begun for event in events)
