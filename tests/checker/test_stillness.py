"""A stage says when nothing more can come, and the judge does not wait then."""

import pytest

from checker.stage.pool import Pool
from tests.checker.apps import app_of

MODES = ("threading", "eventlet", "gevent")
SILENT = {
    "nothing": "pass",
    "a task that has ended": "socketio.start_background_task(print, 1)\n    socketio.sleep(0.01)",
    "a thread that has ended": "t = threading.Thread(target=print)\n    t.start()\n    t.join()",
}
ACTING = {
    "a task": "socketio.start_background_task(later)",
    "a thread": "threading.Thread(target=later).start()",
    "a process": "if os.fork() == 0:\n        time.sleep(0.3)\n        os._exit(0)",
    "an alarm": "signal.signal(signal.SIGALRM, lambda *_: None)\n"
    "    signal.setitimer(signal.ITIMER_REAL, 0.3)",
}


def program(mode: str, body: str) -> str:
    return (
        "import os, signal, threading, time\n"
        "from flask import Flask\nfrom flask_socketio import SocketIO, emit\n"
        f"app = Flask(__name__)\nsocketio = SocketIO(app, async_mode={mode!r})\n"
        "def later():\n    socketio.sleep(0.05)\n    socketio.emit('late')\n"
        f"@socketio.on('message')\ndef handle(data):\n    {body}\n"
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("way", SILENT)
def test_an_app_that_does_nothing_is_still(pool: Pool, mode: str, way: str) -> None:
    with app_of(pool, program(mode, SILENT[way])) as app:
        client = app.connect()
        client.emit("message", "x")
        assert client._link.still
        assert client._drain(9, "late")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("way", ACTING)
def test_an_app_that_will_do_something_is_not(pool: Pool, mode: str, way: str) -> None:
    with app_of(pool, program(mode, ACTING[way])) as app:
        client = app.connect()
        client.emit("message", "x")
        assert not client._link.still
        if way == "a task":
            assert client.receive("late", within=3, help="-").args == ()
            client.received()
            assert client._link.still


def test_what_waits_in_the_loop_of_asyncio_is_not_known(pool: Pool) -> None:
    body = "import eventlet.hubs\n    eventlet.hubs.use_hub('asyncio')\n    eventlet.hubs.get_hub()"
    with app_of(pool, program("eventlet", body)) as app:
        client = app.connect()
        client.emit("message", "x")
        assert not client._link.still
