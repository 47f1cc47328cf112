"""A real server in the sandbox with many real clients beside it (`checker.load`)."""

import threading

import pytest

from checker.load import LoadError, Plan, Sample, run_load
from checker.run import Cancelled, Pool

pytestmark = pytest.mark.long

APP = b"""from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent")


@socketio.on("ask")
def answer(number):
    return number


@socketio.on("slow")
def slow():
    end = __import__("time").monotonic() + 1
    while __import__("time").monotonic() < end:
        pass


if __name__ == "__main__":
    socketio.run(app)
"""


def run(pool: Pool, program: bytes, plan: Plan) -> list[Sample]:
    return list(run_load(pool, {"app.py": program}, plan))


def test_all_clients_connect_and_are_answered(pool: Pool) -> None:
    samples = run(pool, APP, Plan(20, seconds=3))
    assert len(samples) == 12
    assert max(sample.connected for sample in samples) == 20
    assert sum(sample.rate for sample in samples) > 0
    answered = [sample for sample in samples if sample.median is not None]
    assert all(sample.median <= sample.p95 for sample in answered if sample.p95 and sample.median)


def test_a_handler_that_never_yields_shows_in_the_delays(pool: Pool) -> None:
    samples = run(pool, APP, Plan(5, seconds=4, disturb=(1.5,)))
    silent = [sample for sample in samples if sample.at > 1.5 and sample.rate == 0]
    assert silent, "for a second nobody was answered"
    assert max(sample.p95 or 0 for sample in samples) > 500


def test_a_script_that_serves_nothing_is_told(pool: Pool) -> None:
    with pytest.raises(LoadError, match=r"The server did not start\. .*no such thing"):
        run(pool, b"raise SystemExit('no such thing')", Plan(1, seconds=1))


def test_a_server_that_lets_nobody_in_is_told(pool: Pool) -> None:
    program = APP.replace(b'@socketio.on("slow")', b'@socketio.on("connect")').replace(
        b"def slow():", b"def no(auth):\n    return False\n\n\ndef slow():"
    )
    with pytest.raises(LoadError, match="No client could connect: "):
        run(pool, program, Plan(2, seconds=2))


def test_a_run_can_be_stopped(pool: Pool) -> None:
    cancel = threading.Event()
    going = run_load(pool, {"app.py": APP}, Plan(2, seconds=10), cancel=cancel)
    next(going)
    cancel.set()
    with pytest.raises(Cancelled):
        list(going)


@pytest.mark.parametrize(
    ("clients", "seconds", "said"),
    [
        (0, 5, "There can be 1 to 200 clients, not 0."),
        (201, 5, "There can be 1 to 200 clients, not 201."),
        (1, 60, "A run takes 1 to 15 seconds, not 60."),
    ],
)
def test_a_plan_has_bounds(clients: int, seconds: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Plan(clients, seconds)
