"""The learner's app as a check sees it, in each kind of sandbox."""

from typing import Any

import pytest

from checker.check import Crash, Failure, TimedOut
from checker.client import Event
from checker.link import Link, Packet
from checker.stage.pool import Pool
from tests.checker.apps import ECHO, app_of


def test_a_test_client_talks_to_the_app(any_pool: Pool) -> None:
    packets: list[Packet] = []
    with app_of(any_pool, ECHO, packets) as app:
        assert app.load().async_mode == "threading"
        assert app.load().events == (("/", "message"),)
        assert app.load().served is not None
        client = app.connect()
        assert client.call("message", "nonce") == "thanks"
        reply = client.receive("response", help="-")
        assert reply.data == {"data": "Message received!"}
        client.expect_silence(help="-")
        assert app.output == "Received: nonce\n"
        assert app.get("/").text == "Hello, SocketIO!"
        assert app.get("/nowhere").status == 404
    assert [(packet.direction, packet.event) for packet in packets] == [
        ("in", "message"),
        ("out", "response"),
    ]


def test_each_app_is_freshly_loaded(any_pool: Pool) -> None:
    counting = ECHO.replace("print(", "app.secret_key += '!'; print(app.secret_key, ")
    for _ in range(2):
        with app_of(any_pool, counting) as app:
            app.connect().emit("message", "x")
            assert app.output.startswith("test! ")


@pytest.mark.parametrize(
    "shape",
    [
        "def create_app():\n    app = Flask(__name__)\n    SocketIO(app)\n    return app\n",
        "sio = SocketIO()\napplication = Flask(__name__)\nsio.init_app(application)\n",
        "class Holder:\n    pass\n"
        "def main():\n    a = Flask(__name__)\n    SocketIO(a).run(a)\n"
        "if __name__ == '__main__':\n    main()\n",
        "def build():\n    a = Flask(__name__)\n    s = SocketIO(a)\n    return a, s\n"
        "if __name__ == '__main__':\n    a, s = build()\n    s.run(a, port=1)\n",
    ],
)
def test_the_app_is_found_under_any_shape(pool: Pool, shape: str) -> None:
    imports = "from flask import Flask\nfrom flask_socketio import SocketIO\n"
    with app_of(pool, imports + shape) as app:
        loaded = app.load()
        assert (loaded.flask_count, loaded.socketio_count, loaded.bound) == (1, 1, True)
        assert app.connect().connected


def test_a_server_without_the_guard_is_seen_and_survived(pool: Pool) -> None:
    unguarded = ECHO.replace('if __name__ == "__main__":\n    ', "")
    with app_of(pool, unguarded) as app:
        assert app.ran_server_on_import
        assert app.connect().connected
    with app_of(pool, ECHO) as app:
        assert not app.ran_server_on_import


@pytest.mark.parametrize(
    "start",
    [
        "import threading\n    threading.Thread(target=socketio.run, args=(app,)).start()",
        "from werkzeug.serving import run_simple\n    run_simple('127.0.0.1', 5000, app)",
        "import eventlet.wsgi\n    eventlet.wsgi.server(eventlet.listen(('', 5000)), app)",
        "from gevent import pywsgi\n    pywsgi.WSGIServer(('', 5000), app).serve_forever()",
    ],
)
def test_a_server_may_be_started_in_other_ways(pool: Pool, start: str) -> None:
    with app_of(pool, ECHO.replace("socketio.run(app, debug=True)", start)) as app:
        assert app.connect().call("message", "x") == "thanks"
        assert app.load().served is not None or "Thread" in start
        assert "Traceback" not in app.output


def test_patching_first_is_not_too_late_in_a_stage(pool: Pool) -> None:
    patched = "import eventlet\neventlet.monkey_patch()\n" + ECHO.replace("threading", "eventlet")
    with app_of(pool, patched) as app:
        assert app.load().async_mode == "eventlet"
        assert "monkey_patch" not in app.output
        assert app.connect().call("message", "x") == "thanks"


def test_a_file_that_hides_a_package_hides_it_here_too(pool: Pool) -> None:
    with (
        app_of(pool, {"app.py": ECHO, "socketio.py": "x = 1"}) as app,
        pytest.raises(Crash) as caught,
    ):
        app.load()
    assert "While loading, your app raised" in caught.value.message


def test_an_exception_names_the_learners_line(pool: Pool) -> None:
    broken = ECHO.replace('emit("response"', 'undefined("response"')
    with app_of(pool, broken) as app, pytest.raises(Crash) as caught:
        app.connect().emit("message", "x")
    assert caught.value.message == (
        "While answering the event 'message', your app raised NameError: "
        "name 'undefined' is not defined"
    )
    assert caught.value.line == 18
    assert caught.value.help


def test_an_exception_in_another_file_names_both_lines(pool: Pool) -> None:
    files = {"app.py": "import other\n\nother.go()\n", "other.py": "def go():\n    1 / 0\n"}
    with app_of(pool, files) as app, pytest.raises(Crash) as caught:
        app.load()
    assert caught.value.message.endswith("division by zero The line is 2 of other.py.")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("import os; os._exit(0)", "it ended by itself with exit status 0"),
        ("import ctypes; ctypes.string_at(0)", "it was stopped by the signal SIGSEGV"),
        ("raise SystemExit('no')", "No SocketIO object was found in app.py."),
    ],
)
def test_an_app_that_ends_early_is_told_how(pool: Pool, program: str, sentence: str) -> None:
    with app_of(pool, program) as app, pytest.raises(Failure) as caught:
        app.connect()
    assert sentence in caught.value.message


def test_an_app_that_does_not_come_back_times_out(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.loading.LOAD_TIMEOUT", 1.0)
    held = "    try:\n        pass\n    except BaseException:\n        pass\n"
    looping = f"import time\nwhile True:\n{held}"
    with app_of(pool, looping) as app, pytest.raises(TimedOut) as caught:
        app.load()
    assert caught.value.message == ("Your app did not come back within 1 seconds while loading.")
    assert caught.value.help
    assert caught.value.line == 2


def test_an_event_without_a_payload_can_be_received(pool: Pool) -> None:
    bare = ECHO.replace('emit("response", {"data": "Message received!"})', 'emit("message")')
    with app_of(pool, bare) as app:
        client = app.connect()
        client.emit("message", "x")
        event = client.receive("message", help="-")
        assert (event.args, event.data) == ((), None)


def test_what_came_instead_is_told(pool: Pool) -> None:
    other = ECHO.replace('emit("response"', 'emit("Response"')
    with app_of(pool, other) as app:
        client = app.connect()
        client.emit("message", "x")
        with pytest.raises(Failure) as caught:
            client.receive("response", help="Use the same name.", within=0.05)
        assert caught.value.message == (
            "Your app did not send the event 'response'. "
            "It sent 'Response' with {'data': 'Message received!'}."
        )
        assert caught.value.help == "Use the same name."
        with pytest.raises(Failure, match=r"Nothing was to be sent here. Your app sent 'Response'"):
            client.expect_silence(help="-")
        assert [event.name for event in client.received()] == ["Response"]
        with pytest.raises(Failure, match="It sent nothing"):
            client.receive("response", help="-", within=0.01)


def test_two_clients_are_apart(pool: Pool) -> None:
    with app_of(pool, ECHO) as app:
        first, second = app.connect(), app.connect()
        first.emit("message", "x")
        assert [event.name for event in first.received()] == ["response"]
        second.expect_silence(help="-")


def test_what_arrived_comes_with_the_answer_to_any_order(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = Link.ask

    def noting(link: Link, *given: Any, **order: Any) -> Any:
        asked.append(order["do"])
        return real(link, *given, **order)

    monkeypatch.setattr(Link, "ask", noting)
    everybody = ECHO.replace('received!"}', 'received!"}, broadcast=True')
    with app_of(pool, everybody) as app:
        first, second = app.connect(), app.connect()
        del asked[:]
        first.emit("message", "x")
        assert first.receive("response", help="-").data == {"data": "Message received!"}
        assert [event.name for event in second.received()] == ["response"]
        first.expect_silence(help="-")
        assert asked == ["emit"]
        app.load()
        first.disconnect()
        assert second.received() == ()
        assert asked == ["emit", "disconnect"]


def test_a_client_that_is_sent_away_knows(pool: Pool) -> None:
    leaving = ECHO.replace("import SocketIO, emit", "import SocketIO, disconnect, emit").replace(
        '    return "thanks"', "    disconnect()"
    )
    with app_of(pool, leaving) as app:
        client, other = app.connect(), app.connect()
        client.emit("message", "x")
        client.received()
        other.received()
        assert not client.connected
        assert other.connected


def test_a_refused_client_is_told(pool: Pool) -> None:
    refusing = ECHO.replace(
        "if __name__", '@socketio.on("connect")\ndef no():\n    return False\n\nif __name__'
    )
    with app_of(pool, refusing) as app, pytest.raises(Failure) as caught:
        app.connect()
    assert caught.value.message == "Your app did not let a client connect to '/'."


def test_an_unbound_socketio_is_told(pool: Pool) -> None:
    unbound = ECHO.replace('SocketIO(app, async_mode="threading")', "SocketIO()")
    with app_of(pool, unbound) as app, pytest.raises(Failure) as caught:
        app.connect()
    assert "it was never given the Flask app" in caught.value.message
    assert caught.value.line == 7


def test_background_work_is_waited_for(pool: Pool) -> None:
    later = ECHO.replace(
        'emit("response", {"data": "Message received!"})',
        "socketio.start_background_task(lambda: (socketio.sleep(0.1), "
        "socketio.emit('response', 1)))",
    )
    for mode in ("threading", "eventlet", "gevent"):
        with app_of(pool, later.replace("threading", mode)) as app:
            client = app.connect()
            client.emit("message", "x")
            event = client.receive("response", help="-", within=3)
            assert isinstance(event, Event)
            assert event.at >= 0.09


def test_a_page_whose_function_raises_tells_the_line(pool: Pool) -> None:
    failing = ECHO.replace('return "Hello, SocketIO!"', "return 1 / 0")
    with app_of(pool, failing) as app:
        answer = app.get("/")
        assert "ZeroDivisionError" in app.output
    assert answer.status == 500
    assert answer.line == failing.splitlines().index("    return 1 / 0") + 1


def test_a_page_whose_function_raises_a_known_error_tells_cause_and_fix(pool: Pool) -> None:
    failing = ECHO.replace('return "Hello, SocketIO!"', 'return render_template("index.html")')
    with app_of(pool, failing) as app:
        answer = app.get("/")
    assert answer.advice is not None
    assert answer.advice.startswith("Your app uses `render_template` and does not import it.")


def test_an_error_that_the_app_answers_itself_is_an_answer(pool: Pool) -> None:
    handled = ECHO.replace('return "Hello, SocketIO!"', "return 1 / 0").replace(
        '@socketio.on("message")',
        '@app.errorhandler(ZeroDivisionError)\ndef sorry(error):\n    return "sorry", 503\n\n\n'
        '@socketio.on("message")',
    )
    with app_of(pool, handled) as app:
        answer = app.get("/")
    assert (answer.status, answer.text, answer.line) == (503, "sorry", None)
