"""Every namespace has the same door: no cookie, a strange name or a flood, and one stays out."""

from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError

from tests.webapp.conftest import MakeSite
from tests.webapp.site import visitor
from webapp import door

NAMESPACES = {"/": None, "/preview": None, "/perf": None, "/why": {"every": 0.5}}


def is_let_in(site: Flask, client: FlaskClient, namespace: str) -> bool:
    socketio = cast("SocketIO", site.extensions["socketio"])
    raw = socketio.test_client(
        site, namespace, auth=NAMESPACES[namespace], flask_test_client=client
    )
    inside = raw.is_connected(namespace)
    if inside:
        raw.disconnect(namespace)
    return bool(inside)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_who_has_loaded_a_page_comes_in(real_site: Flask, namespace: str) -> None:
    assert not is_let_in(real_site, real_site.test_client(), namespace)
    assert is_let_in(real_site, visitor(real_site), namespace)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_who_goes_while_being_let_in_keeps_no_place(
    real_site: Flask, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is told of their end, so their places were taken until the server was stopped."""
    server = cast("Any", real_site.extensions["socketio"]).server
    desk = vars(server.namespace_handlers[namespace])
    places = desk["_seats" if "_seats" in desk else "_lines"]
    real = door.welcome

    def goes_meanwhile() -> tuple[int, str]:
        learner = real()
        line = server.manager.eio_sid_from_sid(door.sid(), namespace)
        server._handle_eio_disconnect(line, "transport close")
        return learner

    with monkeypatch.context() as patched:
        patched.setattr(door, "welcome", goes_meanwhile)
        is_let_in(real_site, visitor(real_site), namespace)
    assert is_let_in(real_site, visitor(real_site), namespace)
    assert places == {}


def refusal(site: Flask, client: FlaskClient, host: str = "localhost") -> str:
    cookie = client.get_cookie("learner")
    headers = {"Cookie": f"learner={cookie.value}"} if cookie else {}
    with site.test_request_context(headers=headers, base_url=f"http://{host}"):
        try:
            door.welcome()
        except ConnectionRefusedError as refused:
            return str(refused.error_args["message"])
    return ""


def test_without_a_cookie_one_stays_out(site: Flask) -> None:
    assert refusal(site, site.test_client()) == "Load the page first: it gives you your cookie."


def test_under_a_strange_name_one_stays_out(make_site: MakeSite) -> None:
    site = make_site(hosts=("localhost",))
    assert refusal(site, visitor(site)) == ""
    assert refusal(site, visitor(site), "elsewhere.example").startswith("Load the page first")


def test_a_flood_of_connections_stays_out(make_site: MakeSite) -> None:
    site = make_site(posts_per_second=1)
    client = visitor(site)
    said = {refusal(site, client) for _ in range(12)}
    assert said == {"", "That was too much at once. Wait a moment."}


def test_what_is_said_later_is_one_sentence_each() -> None:
    assert door.TOO_MANY_PAGES == "Too many pages are open. Close some of them."
    assert door.TOO_MANY_MESSAGES == "Too many messages at once. Wait a moment."
    assert door.ODD == "The page sent something odd. Load it again."
    assert door.FAULT == "The course had a fault. Your work is kept. Try again."
