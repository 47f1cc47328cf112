"""The door of every Socket.IO namespace: who may come in, and what is said to who may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import request
from socketio.exceptions import ConnectionRefusedError

from webapp import guard
from webapp.rooms import rooms

if TYPE_CHECKING:
    from flask_socketio import Namespace

NO_COOKIE = "Load the page first: it gives you your cookie."
TOO_MUCH = "That was too much at once. Wait a moment."
TOO_MANY_PAGES = "Too many pages are open. Close some of them."
TOO_MANY_MESSAGES = "Too many messages at once. Wait a moment."
ODD = "The page sent something odd. Load it again."
FAULT = "The course had a fault. Your work is kept. Try again."


def sid() -> str:
    """Return the name of the connection whose event is being handled."""
    return str(request.sid)  # type: ignore[attr-defined]


def clear(places: dict[str, Any], namespace: Namespace) -> None:
    """Take back the places of connections that have ended.

    Socket.IO does not tell of the end of one that was still being let in.
    """
    server = cast("Any", namespace).socketio.server
    name = cast("Any", namespace).namespace
    for each in list(places):
        if server.manager.eio_sid_from_sid(each, name) not in server.environ:
            del places[each]


def welcome() -> tuple[int, str]:
    """Return the learner who connects, and their token; someone new is kept from now on.

    Raises ConnectionRefusedError for a strange host name, a missing cookie, or a flood.
    """
    token = guard.token_of(request)
    if token is None or not guard.host_is_ours(request):
        raise ConnectionRefusedError(NO_COOKIE)
    if not rooms().posts.allows(guard.sender_of(request)):
        raise ConnectionRefusedError(TOO_MUCH)
    return rooms().store.admit_learner(token), token
