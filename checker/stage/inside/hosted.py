"""The loaded app on a web server of ours: what real connections see of it.

The judge speaks HTTP to it over a socket that it opened itself. What comes back are bytes that a
browser would get, too; a patched test client has nothing to say there.
"""

from __future__ import annotations

import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from typing import Any

Serve = Callable[[Any, int], None]


class Servers:
    """The real servers. Make one before an app is loaded, for then their calls are recorded."""

    def __init__(self) -> None:
        """Take hold of what is imported already (`learner.SERVERS` names the calls)."""
        self._werkzeug = socketserver.BaseServer.serve_forever
        self._eventlet = _attribute("eventlet.wsgi", "server")
        base = _attribute("gevent.baseserver", "BaseServer")
        self._gevent = getattr(base, "serve_forever", None)

    def serve(self, app: Any, mode: str, listener: int) -> bool:
        """Serve a Flask app on a listening Unix socket, in a thread; False if that cannot be.

        Each async mode has a server of its own: queues of one do not wake the waiters of another.
        """
        known: dict[str, Serve | None] = {
            "threading": self._with_werkzeug,
            "eventlet": self._with_eventlet if self._eventlet else None,
            "gevent": self._with_gevent if self._gevent else None,
        }
        serve = known.get(mode)
        if serve is not None:
            threading.Thread(target=serve, args=(app, listener), daemon=True).start()
        return serve is not None

    def _with_werkzeug(self, app: Any, listener: int) -> None:
        from werkzeug.serving import WSGIRequestHandler, make_server

        class Handler(WSGIRequestHandler):
            """Does not write down the requests that we make: an app printed none of that."""

            def log_request(self, *_: Any) -> None:
                pass

        self._werkzeug(
            make_server(
                "unix://hosted", 0, app, threaded=True, fd=listener, request_handler=Handler
            )
        )

    def _with_eventlet(self, app: Any, listener: int) -> None:
        from eventlet.greenio import GreenSocket

        assert self._eventlet is not None
        green = GreenSocket(socket.socket(fileno=listener))
        self._eventlet(green, app, log_output=False, keepalive=False)

    def _with_gevent(self, app: Any, listener: int) -> None:
        from gevent.pywsgi import WSGIServer
        from gevent.socket import socket as GreenSocket

        assert self._gevent is not None
        self._gevent(WSGIServer(GreenSocket(fileno=listener), app, log=None))


def _attribute(module: str, name: str) -> Any:
    return getattr(sys.modules.get(module), name, None)
