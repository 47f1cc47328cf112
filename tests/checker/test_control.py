"""Orders to a process of ours, and what it says of its own accord."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from checker.stage.control import Control
from checker.stage.pool import Pool


@pytest.fixture
def ends() -> Iterator[tuple[Control, socket.socket]]:
    ours, theirs = socket.socketpair()
    control = Control(ours)
    with theirs:
        yield control, theirs
    control.close()


def test_lines_that_come_together_are_heard_one_by_one(
    ends: tuple[Control, socket.socket],
) -> None:
    control, process = ends
    process.sendall(b'{"begun": true}\n{"ready": []}\n{"bran')
    process.sendall(b'ched": 7}\n')
    assert control.hear(1) == {"begun": True}
    assert control.hear(1) == {"ready": []}
    assert control.ask({"do": "branch"}, 1) == {"branched": 7}
    assert process.recv(99) == b'{"do": "branch"}'


@pytest.mark.parametrize("said", [b"[]\n", b"{\n", b"\xff\n"])
def test_what_is_no_answer_is_none(ends: tuple[Control, socket.socket], said: bytes) -> None:
    control, process = ends
    process.sendall(said)
    with pytest.raises(ValueError, match=r"."):
        control.hear(1)


def test_a_process_that_says_nothing_is_not_waited_for(
    ends: tuple[Control, socket.socket],
) -> None:
    control, process = ends
    with pytest.raises(TimeoutError):
        control.hear(0.01)
    before = control.connected
    process.close()
    assert (before, control.connected) == (True, False)
    with pytest.raises(OSError, match="has ended"):
        control.hear(1)


def test_asking_whether_it_is_there_never_takes_part_in_what_is_said(
    ends: tuple[Control, socket.socket],
) -> None:
    """An answer seen here, and heard by another thread, was waited for: up to a minute."""
    control, process = ends
    orders, patience = 300, 20

    def ask() -> None:
        for _ in range(orders):
            control.ask({"do": "branch"}, patience)

    def answer() -> None:
        for _ in range(orders):
            process.recv(99)
            process.sendall(b"{}\n")

    threads = [threading.Thread(target=work, daemon=True) for work in (ask, answer)]
    for thread in threads:
        thread.start()
    slowest = 0.0
    while threads[0].is_alive():
        began = time.monotonic()
        assert control.connected
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < patience / 2


def test_who_hangs_up_while_another_thread_looks_disturbs_nobody(
    ends: tuple[Control, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gave a process back to the pool then failed with an error of ours."""
    control, _ = ends
    silent = control._silent

    def hung_up() -> bool:
        control.close()
        return silent()

    monkeypatch.setattr(control, "_silent", hung_up)
    assert control.connected is False


def test_an_answer_that_comes_too_late_is_no_answer_to_the_next_order(
    ends: tuple[Control, socket.socket],
) -> None:
    """The process counted as alive, and whoever had it next was one answer behind."""
    control, process = ends
    with pytest.raises(TimeoutError):
        control.ask({"do": "start", "stage": 1}, 0.01)
    with pytest.raises(BrokenPipeError):
        process.sendall(b'{"started": 1}\n')
    assert control.connected is False
    with pytest.raises(OSError, match=r"."):
        control.ask({"do": "end", "stage": 1}, 0.01)


def test_an_origin_that_was_ready_before_anybody_listened_is_heard() -> None:
    with Pool.open("process") as pool:
        origin = pool._origin("app")
        heard = bytearray()
        while b"ready" not in heard:
            heard = bytearray(origin._control._socket.recv(65536, socket.MSG_PEEK))
        assert origin.begins()
        assert "flask_socketio" in origin.wait_ready()
