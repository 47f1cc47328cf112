"""A preview ends, however it does: it is said how, and nothing is left behind."""

import signal
import socket
from contextlib import closing

import psutil
import pytest

from checker.preview import Silent
from checker.stage.pool import Pool
from tests.checker.apps import ECHO
from tests.checker.preview.visited import PLAIN, Visit, Visited

pytestmark = pytest.mark.long

DEAF = "import signal\nprint('hears a hang-up:', signal.getsignal(1) == signal.SIG_DFL)\n" + ECHO


def runs_an_app(process: psutil.Process) -> bool:
    """Whether a process runs a learner's script; one that has ended does not."""
    try:
        return "app.py" in process.cmdline()
    except psutil.Error:
        return False


def stop_and_see_all_gone(visited: Visited) -> None:
    """Stop an app that listens, and see every process of it gone."""
    visited.listening()
    started = [each for each in psutil.Process().children(recursive=True) if runs_an_app(each)]
    assert started
    visited.preview.stop()
    gone = visited.gone()
    assert (gone.reason, gone.message) == ("stopped", "Your app was stopped.")
    _, alive = psutil.wait_procs(started, timeout=10)
    assert alive == []


def test_stopping_leaves_nothing_behind(visit: Visit) -> None:
    visited = visit(ECHO)
    stop_and_see_all_gone(visited)
    with socket.create_connection(("127.0.0.1", int(visited.url.rsplit(":", 1)[1]))) as late:
        late.settimeout(10)
        assert late.recv(1) == b""


def test_nothing_is_left_by_an_app_that_hears_no_hang_up(visit: Visit) -> None:
    stop_and_see_all_gone(visit("import signal\nsignal.signal(1, signal.SIG_IGN)\n" + ECHO))


@pytest.mark.usefixtures("without_walls")
def test_nothing_is_left_when_the_course_is_served_under_nohup() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Pool.open("process") as pool, closing(Visited(pool, DEAF)) as visited:
            stop_and_see_all_gone(visited)
            assert "hears a hang-up: True" in visited.output
    finally:
        signal.signal(signal.SIGHUP, before)


def test_an_app_that_ends_says_how_and_where(visit: Visit) -> None:
    visited = visit("import flask\n\nprint('begun')\n1 / 0\n")
    gone = visited.gone()
    assert gone.message == "Your app ended with an error (exit status 1)."
    assert (gone.reason, gone.exit, gone.line) == ("ended", 1, 4)
    assert gone.help == "Read the last lines that it printed: the last one says what went wrong."
    assert "ZeroDivisionError" in visited.output


def test_an_app_without_a_server_says_so(visit: Visit) -> None:
    gone = visit("print('done')\n").gone()
    assert gone.message == (
        "Your app ended by itself: it came to its last line, and no server was left running."
    )
    assert gone.help is None


def test_a_flask_app_without_a_server_is_told_how_to_start_one(visit: Visit) -> None:
    gone = visit("from flask import Flask\napp = Flask(__name__)\n").gone()
    assert gone.help == (
        "To have a page here, the file must start a server when it is run: with `app.run()`, "
        "or with `socketio.run(app)` where there is a SocketIO object."
    )


def test_an_app_that_ends_without_a_word_is_not_asked_to_read_any(visit: Visit) -> None:
    gone = visit("import sys\nsys.exit(3)\n").gone()
    assert gone.help == (
        "It printed nothing. Look for a line that ends the program, such as `sys.exit()`."
    )


def test_an_app_that_is_stopped_by_a_signal_says_which(pool: Pool) -> None:
    with closing(Visited(pool, "import os\nos.kill(os.getpid(), 15)\nos.abort()\n")) as visited:
        assert visited.gone().message.startswith("Your app was ended by signal ")


def test_processor_time_is_bounded(pool: Pool) -> None:
    with closing(Visited(pool, "while True: pass\n", cpu=1)) as visited:
        assert visited.gone().message == (
            "Your app was ended from outside: it had used more than 1 seconds of processor time, "
            "or more memory than there is."
        )


def test_an_app_that_does_not_listen_is_told_of(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.preview.SILENT_SECONDS", 0.5)
    waits = "import time\nprint('waiting')\ntime.sleep(60)\n"
    with closing(Visited(pool, waits)) as visited:
        silent: Silent = visited.wait(lambda news: isinstance(news, Silent))
        assert silent.last == "waiting"
        assert silent.help == (
            "If a server should listen by now, look above the line that starts it: for a loop that "
            "does not end, a long wait, or a question to the keyboard."
        )


def test_an_app_that_nobody_uses_ends(pool: Pool) -> None:
    with closing(Visited(pool, PLAIN, idle=2.0)) as visited:
        visited.listening()
        gone = visited.gone()
        assert gone.reason == "idle"
        assert gone.message == "Your app was stopped: nobody used it for 0 minutes."


def test_an_app_ends_after_its_time(pool: Pool) -> None:
    with closing(Visited(pool, PLAIN, total=1.0)) as visited:
        gone = visited.gone()
        assert gone.reason == "old"
        assert gone.message == "Your app was stopped after 0 minutes. Run it again."
