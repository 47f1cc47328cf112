"""The judge's end of a channel, and what may come between two of its moments."""

import contextlib
import json
import socket
import time
from collections.abc import Iterator

import pytest

from checker.stage import channel as module
from checker.stage.channel import Channel, StageTimeout, open_channel


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    with open_channel(None, None) as (channel, theirs, _):
        yield channel, theirs


class LateClock:
    """Goes on by an hour when it is told so, as it does for a process that was stopped."""

    late = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.late

    sleep = staticmethod(time.sleep)


@pytest.mark.parametrize("answered", [True, False])
def test_who_was_stopped_for_a_while_still_hears_what_was_answered_in_time(
    ends: tuple[Channel, socket.socket], monkeypatch: pytest.MonkeyPatch, answered: bool
) -> None:
    """Ctrl-Z and fg, or a machine that had no time for us, made apps too slow that were not."""
    channel, stage = ends
    clock, send = LateClock(), channel._send

    def send_and_be_stopped(data: bytes, end: float, timeout: float) -> None:
        send(data, end, timeout)
        if answered:
            stage.sendall(json.dumps({"ok": {}}).encode() + b"\n")
        clock.late = 3600.0

    monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(channel, "_send", send_and_be_stopped)
    with contextlib.nullcontext() if answered else pytest.raises(StageTimeout):
        assert channel.ask({"do": "get"}, 5.0) == {"ok": {}}


def test_who_only_prints_has_not_answered() -> None:
    printed: list[str] = []
    with open_channel(None, printed.append) as (channel, _, output):
        output.write(b"x")
        with pytest.raises(StageTimeout):
            channel.ask({"do": "get"}, 0.0)
    assert printed == ["x"]
