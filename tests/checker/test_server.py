"""The learner's script in a real run: the server that it starts, or how it ends."""

import time

import pytest

from checker.check import Crash, Failure
from checker.client import Client
from checker.stage.pool import Pool
from tests.checker.apps import ECHO, app_of


def test_a_real_server_answers_over_both_transports(any_pool: Pool) -> None:
    with app_of(any_pool, ECHO) as app:
        server = app.serve()
        assert server.get("/").text == "Hello, SocketIO!"
        assert server.debugger
        for transport in ("polling", "websocket"):
            client = server.connect(transport)
            assert client.transport == transport
            client.emit("message", transport)
            assert client.receive("response", help="-", within=5).args == (
                {"data": "Message received!"},
            )
            assert server.wait_output(f"Received: {transport}\n", 5)


def test_a_server_may_listen_anywhere(pool: Pool) -> None:
    elsewhere = ECHO.replace("debug=True", "host='0.0.0.0', port=8123")
    with app_of(pool, elsewhere) as app:
        server = app.serve()
        assert server.url == "http://127.0.0.1:8123"
        assert not server.debugger


def test_an_answer_that_is_no_http_is_told(pool: Pool) -> None:
    program = (
        "import socket\nserver = socket.create_server(('127.0.0.1', 5000))\nwhile True:\n"
        "    line, _ = server.accept()\n    line.recv(999)\n    line.sendall(b'hello')\n"
        "    line.close()\n"
    )
    with app_of(pool, program) as app, pytest.raises(Failure, match=r"is no HTTP: .*hello") as told:
        app.serve().get("/")
    assert told.value.outcome == "failed"


def emit_often(client: Client) -> None:
    for _ in range(50):
        client.emit("message", "x")
        time.sleep(0.02)


def test_a_client_that_was_sent_away_is_no_fault_of_ours(pool: Pool) -> None:
    leaving = ECHO.replace('return "thanks"', "flask_socketio.disconnect()")
    leaving = "import flask_socketio\n" + leaving.replace("debug=True", "")
    with app_of(pool, leaving) as app:
        client = app.serve().connect()
        client.emit("message", "x")
        with pytest.raises(Failure, match="closed the connection of a client"):
            emit_often(client)
        client.disconnect()


def test_a_script_runs_to_its_end_with_a_terminal(any_pool: Pool) -> None:
    program = "import sys; print(sys.stdin.isatty()); print('late', file=sys.stderr); sys.exit(3)"
    with app_of(any_pool, program) as app:
        done = app.run_script()
    assert (done.exit_code, done.stdout, done.stderr) == (3, "True\n", "late\n")


def test_a_script_can_be_told_other_versions(any_pool: Pool) -> None:
    program = "from importlib.metadata import version; print(version('flask-socketio'))"
    with app_of(any_pool, program) as app:
        assert app.run_script(versions={"flask-socketio": "5.123.4"}).stdout == "5.123.4\n"
    with app_of(any_pool, program) as app:
        assert app.run_script().stdout.strip() == any_pool.versions["flask-socketio"]


def test_a_server_that_never_comes_is_told(pool: Pool) -> None:
    with app_of(pool, "print('done')") as app, pytest.raises(Failure) as caught:
        app.serve()
    assert caught.value.message == (
        "Your script ended without starting a server. The last line that it printed: done"
    )
    with app_of(pool, "import flask_socketioo") as app, pytest.raises(Crash) as crashed:
        app.serve()
    assert "ended before a server listened (exit status 1)" in crashed.value.message
    assert "No module named 'flask_socketioo'" in crashed.value.message
    assert crashed.value.line == 1


@pytest.mark.parametrize(
    ("program", "line", "help"),
    [
        ("print(1 / 0)", 1, "Read the last lines that it printed; the line named is yours."),
        ("raise SystemExit('too late')", None, "Read the last lines that it printed."),
        (
            "raise SystemExit(3)",
            None,
            "It printed nothing. Look for what ends it, such as `exit()`.",
        ),
    ],
)
def test_a_script_that_ends_before_a_server_is_told_what_to_read(
    pool: Pool, program: str, line: int | None, help: str
) -> None:
    with app_of(pool, program) as app, pytest.raises(Crash) as crashed:
        app.serve()
    assert (crashed.value.line, crashed.value.help) == (line, help)
