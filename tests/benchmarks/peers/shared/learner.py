"""A learner's app, loaded in this process: what a peer's tests need to drive it.

As any test file written for such a tool would, this shares its process with the app; so it undoes
what a load changed (modules, `__main__`, streams, logging) before the next check loads it afresh.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
import time
import types
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Self

import flask
import flask_socketio
import socketio as real
from werkzeug.serving import make_server

POLL = 0.005


class App:
    """The app of ``app.py``, run as a script (or imported as a module), with what it prints."""

    def __init__(self, folder: Path, *, as_module: bool = False) -> None:
        """Prepare; the script runs on entering the context."""
        self._folder = folder
        self._name = "app" if as_module else "__main__"
        self._open = ExitStack()
        self._printed = io.StringIO()
        self.flask: Any = None
        self.socketio: Any = None
        self.served = False

    def __enter__(self) -> Self:
        """Load the app; its exceptions come through."""
        try:
            self._set_up()
            module = self._execute()
        except BaseException:
            self._open.close()
            raise
        self._find(vars(module).values())
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the process as it was before."""
        self._open.close()

    def _set_up(self) -> None:
        root = logging.getLogger()
        self._open.callback(root.setLevel, root.level)
        self._swap(root, "handlers", [])
        self._swap(sys, "path", [str(self._folder), *sys.path])
        self._swap(sys, "argv", [str(self._folder / "app.py")])
        self._swap(flask.Flask, "run", self._run_flask)
        self._swap(flask_socketio.SocketIO, "run", self._run_socketio)
        self._open.callback(self._forget_modules, sys.modules["__main__"])
        self._open.enter_context(redirect_stdout(self._printed))
        self._open.enter_context(redirect_stderr(self._printed))
        self._open.callback(os.chdir, os.getcwd())
        os.chdir(self._folder)
        for name in ("app", "__main__", "extensions"):
            logging.getLogger(name).handlers.clear()

    def _swap(self, owner: Any, name: str, value: Any) -> None:
        self._open.callback(setattr, owner, name, getattr(owner, name))
        setattr(owner, name, value)

    def _forget_modules(self, main: types.ModuleType) -> None:
        for name, module in [*sys.modules.items()]:
            if str(getattr(module, "__file__", None)).startswith(f"{self._folder}{os.sep}"):
                del sys.modules[name]
        sys.modules["__main__"] = main

    @property
    def _run_flask(self) -> Any:
        def run(app: Any, *_: Any, **__: Any) -> None:
            self._serve(app.extensions.get("socketio"), app)

        return run

    @property
    def _run_socketio(self) -> Any:
        def run(socketio: Any, app: Any, *_: Any, **__: Any) -> None:
            self._serve(socketio, app)

        return run

    def _serve(self, socketio: Any, app: Any) -> None:
        self.served, self.socketio, self.flask = True, socketio, app
        raise SystemExit("a server would run here")

    def _execute(self) -> types.ModuleType:
        module = types.ModuleType(self._name)
        module.__file__ = str(self._folder / "app.py")
        sys.modules[self._name] = module
        source = Path(module.__file__).read_bytes()
        try:
            exec(compile(source, module.__file__, "exec"), vars(module))
        except SystemExit:
            if not self.served:
                raise AssertionError("The script ends itself.") from None
        return module

    def _find(self, values: Any) -> None:
        if self.flask is None:
            self.flask = next((x for x in values if isinstance(x, flask.Flask)), None)
        if self.socketio is None and self.flask is not None:
            self.socketio = self.flask.extensions.get("socketio")

    @property
    def output(self) -> str:
        """What the app printed so far, standard output and error together."""
        return self._printed.getvalue()

    def wait_output(self, text: str, seconds: float) -> bool:
        """Wait until ``text`` was printed."""
        end = time.monotonic() + seconds
        while text not in self.output and time.monotonic() < end:
            time.sleep(POLL)
        return text in self.output

    def routes(self) -> set[str]:
        """The addresses for which the app has a function."""
        return {rule.rule for rule in self.flask.url_map.iter_rules()}

    def get(self, path: str) -> int:
        """Ask for a page; return the status."""
        return int(self.flask.test_client().get(path).status_code)

    def connect(self) -> TestClient:
        """Connect the library's test client."""
        assert self.socketio is not None, "There is no SocketIO object with a Flask app."
        client = self.socketio.test_client(self.flask)
        assert client.is_connected(), "The app did not let a client connect."
        return TestClient(client)


class TestClient:
    """Flask-SocketIO's test client, with waiting."""

    __test__ = False

    def __init__(self, client: Any) -> None:
        """Wrap a connected client."""
        self._client = client

    def emit(self, event: str, payload: Any) -> None:
        """Send an event; the handler's exceptions come through."""
        self._client.emit(event, payload)

    def emit_safely(self, event: str, payload: Any) -> None:
        """Send an event; a handler may print first and stop later."""
        try:
            self._client.emit(event, payload)
        except Exception:
            return

    def take(self) -> list[dict[str, Any]]:
        """Return and forget what has arrived."""
        events, self._client.queue = list(self._client.queue), []
        return events

    def wait_for(self, event: str | None, seconds: float, count: int = 1) -> bool:
        """Wait until ``event`` was there so often; without a name, wait it out."""
        end = time.monotonic() + seconds
        while True:
            if sum(item["name"] == event for item in self._client.queue) >= count:
                return True
            if time.monotonic() >= end:
                return False
            time.sleep(POLL)

    def collect(self, count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Wait for ``count`` answers and a little longer; return them, and all else."""
        for number in range(1, count + 1):
            if not self.wait_for("response", 1.0, number):
                break
        self.wait_for(None, 0.03)
        events = self.take()
        answers = [event for event in events if event["name"] == "response"]
        return answers, [event for event in events if event["name"] != "response"]


class Serving:
    """The app on Werkzeug's server, in a thread, for real clients."""

    def __init__(self, app: App) -> None:
        """Prepare; the server runs while the context is open."""
        self._app = app
        self._clients: list[RealClient] = []

    def __enter__(self) -> Self:
        """Start the server on a free port."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", 0, self._app.flask, threaded=True)
        serve = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        serve.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let the clients hang up, and stop."""
        for client in self._clients:
            client.disconnect()
        self._server.shutdown()
        self._server.socket.close()

    def connect(self) -> RealClient:
        """Connect a real client over long polling."""
        client = RealClient(f"http://127.0.0.1:{self._server.port}")
        self._clients.append(client)
        return client


class RealClient:
    """python-socketio's client, with a list of what arrived."""

    def __init__(self, url: str) -> None:
        """Connect."""
        self._events: list[tuple[str, Any]] = []
        self._arrived = threading.Condition()
        self._client = real.Client(reconnection=False)
        self._client.on("*", self._note)
        self._client.connect(url, transports=["polling"], wait_timeout=3)

    def _note(self, event: str, *arguments: Any) -> None:
        with self._arrived:
            self._events.append((event, arguments[0] if arguments else None))
            self._arrived.notify_all()

    def emit(self, event: str, payload: Any) -> None:
        """Send an event."""
        self._client.emit(event, payload)

    def receive(self, event: str, seconds: float) -> Any:
        """Return the payload of the next ``event``, or None when none comes."""
        with self._arrived:
            self._arrived.wait_for(lambda: any(name == event for name, _ in self._events), seconds)
            for index, (name, payload) in enumerate(self._events):
                if name == event:
                    del self._events[index]
                    return payload
        return None

    def take(self) -> list[tuple[str, Any]]:
        """Return and forget what has arrived."""
        with self._arrived:
            events, self._events = self._events, []
        return events

    def disconnect(self) -> None:
        """Hang up. The library's own goodbye may wait for the rest of a long poll (25 s)."""
        self._client.eio.disconnect(abort=True)
