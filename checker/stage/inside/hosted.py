"""The loaded app on a web server of ours: what real connections see of it.

The judge speaks HTTP to it over a socket that it opened itself. What comes back are bytes that a
browser would get, too; a patched test client has nothing to say there.
"""

from __future__ import annotations

import socketserver
import threading
from typing import Any

_SERVE_FOREVER = socketserver.BaseServer.serve_forever
"""The real one: while an app is loaded, calls of it are recorded instead (`learner.SERVERS`)."""


def serve(app: Any, listener: int) -> None:
    """Serve a Flask app with Werkzeug on a listening Unix socket, in a thread."""
    from werkzeug.serving import make_server

    server = make_server("unix://hosted", 0, app, threaded=True, fd=listener)
    threading.Thread(target=_SERVE_FOREVER, args=(server,), daemon=True).start()
