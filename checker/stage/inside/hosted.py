"""The learner's app on a web server of ours: a real client's view without a new interpreter.

The app runs in a child with walls of its own. What it answers goes over a real connection to this
driver, which no learner's code shares; so a patched test client has nothing to say here.
"""

from __future__ import annotations

import os
import socket
import socketserver
import sys

from . import actor, learner, scratch, walls
from .child import Child
from .warm import forget_ourselves

NO_APP = 3
"""Exit status of a child that found no Flask app to serve."""
OURS = ("requests", "urllib3", "websocket", "psutil", "certifi", "charset_normalizer")
"""What our client has imported, and a learner's app is not to see."""


def host(folder: str, output: int, walled: bool, files: dict[str, str], entry: str) -> Child:
    """Start a child that loads the app and serves it with Werkzeug on a free loopback port."""
    who = walls.identity() if walled else None
    with socket.create_server(("127.0.0.1", 0)) as listener:
        pid = walls.clone(walls.OWN) if walled else os.fork()
        if pid == 0:
            _become_host(folder, output, who, files, entry, listener)
    return Child(pid, walled)


def _become_host(
    folder: str,
    output: int,
    who: tuple[int, int] | None,
    files: dict[str, str],
    entry: str,
    listener: socket.socket,
) -> None:
    """Never returns: the child becomes the learner's app on a server."""
    status = 1
    try:
        walls.die_with_parent()
        os.setsid()
        walls.close_all_but({output, listener.fileno()})
        if who is not None:
            walls.enclose(who, folder)
        walls.limit()
        actor.take_streams(output)
        _forget_our_client()
        status = _serve(folder, files, entry, listener)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _serve(folder: str, files: dict[str, str], entry: str, listener: socket.socket) -> int:
    from werkzeug.serving import make_server

    forget_ourselves()
    serve_forever = socketserver.BaseServer.serve_forever  # before it is recorded
    scratch.write_files(folder, files)
    os.chdir(folder)
    found = learner.load(folder, entry, as_module=False)
    if found.flask is None:
        return NO_APP
    host, port = listener.getsockname()[:2]
    server = make_server(host, port, found.flask, threaded=True, fd=listener.fileno())
    serve_forever(server)
    return 0


def _forget_our_client() -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] in OURS:
            del sys.modules[name]
    sys.path[:] = [path for path in sys.path if not os.path.isdir(os.path.join(path, "requests"))]
