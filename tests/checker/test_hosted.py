"""The learner's app behind a server of ours, and real clients."""

import pytest

from checker.check import Failure
from checker.stage.pool import Pool
from tests.checker.apps import ECHO, app_of


def test_a_hosted_app_answers_real_connections(any_pool: Pool) -> None:
    with app_of(any_pool, ECHO) as app:
        server = app.host()
        first, second = server.connect("polling"), server.connect("websocket")
        first.emit("message", "nonce")
        assert first.receive("response", help="-", within=5).data == {"data": "Message received!"}
        assert second.call("message", "other") == "thanks"
        assert server.wait_output("Received: nonce\n", 5)
        assert app.output.splitlines() == ["Received: nonce", "Received: other"]


@pytest.mark.parametrize("mode", ["eventlet", "gevent"])
def test_an_app_in_a_green_mode_is_hosted_by_that_modes_server(pool: Pool, mode: str) -> None:
    green = ECHO.replace('async_mode="threading"', f'async_mode="{mode}"')
    waiting = green.replace('    emit("response"', '    socketio.sleep(0.05)\n    emit("response"')
    with app_of(pool, waiting) as app:
        server = app.host()
        first, second = server.connect(), server.connect()
        first.emit("message", "nonce")
        assert first.receive("response", help="-", within=5).data == {"data": "Message received!"}
        assert second.call("message", "other") == "thanks"
        assert second.receive("response", help="-", within=5).data == {"data": "Message received!"}
        assert server.wait_output("Received: nonce\n", 5)
        assert first.transport == "polling"
        assert first.received() == second.received() == ()


def test_a_forged_test_client_has_nothing_to_say_to_a_hosted_app(pool: Pool) -> None:
    forged = ECHO.replace('    emit("response"', '    ("response"').replace(
        "if __name__",
        "SocketIO.test_client = lambda *a, **k: None\n\n\nif __name__",
    )
    with app_of(pool, forged) as app:
        client = app.host().connect("polling")
        client.emit("message", "x")
        with pytest.raises(Failure, match="It sent nothing"):
            client.receive("response", help="-", within=0.3)


def test_an_app_without_polling_is_hosted_as_its_own_script(pool: Pool) -> None:
    only = ECHO.replace(
        'async_mode="threading"', 'async_mode="threading", transports=["websocket"]'
    )
    with app_of(pool, only) as app:
        server = app.host()
        client = server.connect()
        client.emit("message", "x")
        assert client.receive("response", help="-", within=5).data == {"data": "Message received!"}
        assert server.wait_output("Received: x", 5)
        assert client.transport == "websocket"
