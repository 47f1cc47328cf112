"""What is wrong with a line that starts a server, found out without starting one.

The functions here take what the real ones take, and raise what the real ones raise before they
serve anybody. What only some server may refuse, they let pass.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any

_OWN = {
    *("debug", "log_output", "use_reloader", "extra_files", "reloader_options"),
    "allow_unsafe_werkzeug",
}
"""Options that `SocketIO.run` keeps for itself."""
_SSL = {
    *("keyfile", "certfile", "server_side", "cert_reqs", "ssl_version", "ca_certs"),
    *("do_handshake_on_connect", "suppress_ragged_eofs", "ciphers"),
}
"""Options for encrypted connections in eventlet mode."""


def socketio_run(self: Any, app: Any, host: Any = None, port: Any = None, **options: Any) -> None:
    """Stand for `SocketIO.run`."""
    mode = getattr(getattr(getattr(self, "server", None), "eio", None), "async_mode", None)
    if mode is None:
        return
    if port is None:
        app.config  # noqa: B018 - something else than a Flask app has none
    app.debug  # noqa: B018
    rest = options.keys() - _OWN
    if mode == "threading":
        if "threaded" in rest:
            raise TypeError(
                "flask.app.Flask.run() got multiple values for keyword argument 'threaded'"
            )
        _require_known("werkzeug.serving", "run_simple", rest - {"load_dotenv"})
    elif mode == "eventlet":
        _require_known("eventlet.wsgi", "server", rest - _SSL)


def flask_run(
    self: Any,
    host: Any = None,
    port: Any = None,
    debug: Any = None,
    load_dotenv: Any = True,
    **options: Any,
) -> None:
    """Stand for `Flask.run` of an app with a SocketIO object."""
    if "socketio" in getattr(self, "extensions", {}):
        _require_known("werkzeug.serving", "run_simple", set(options))


socketio_run.__qualname__ = "SocketIO.run"
flask_run.__qualname__ = "Flask.run"


def _require_known(module: str, function: str, names: set[str]) -> None:
    """Raise what calling the function with these names would raise."""
    target = getattr(sys.modules.get(module), function, None)
    if target is None:
        return
    parameters = inspect.signature(target).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return
    for name in sorted(names - {parameter.name for parameter in parameters}):
        raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
