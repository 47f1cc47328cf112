"""A proxy that nobody has told about WebSocket, in front of what the Why mode compares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/proxied"
"""What stands before the path of a request that goes through the proxy."""
PASSES = ("/socket.io/", "/why/value")
"""Paths that it knows; the course's pages have one address each."""


class Proxy:
    """A WSGI layer. As a proxy does unless it is told otherwise, it keeps the fields that speak
    of one connection to itself, ``Upgrade`` among them (RFC 9110, 7.6.1).
    """

    def __init__(self, app: WSGIApplication) -> None:
        """Stand before ``app``."""
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Pass a request on, without these fields if it came to the proxy."""
        path = environ.get("PATH_INFO", "")
        target = path.removeprefix(PREFIX)
        if target != path and target.startswith(PASSES):
            environ = {**environ, "PATH_INFO": target, "HTTP_CONNECTION": "close"}
            environ.pop("HTTP_UPGRADE", None)
        return self._app(environ, start)
