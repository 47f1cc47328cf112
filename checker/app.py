"""The learner's app, as a check sees it: orders go to the stage, observations come back.

Every check gets an `App` of its own. Nothing is loaded before a check asks for it, and all that
was started ends with the check.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property

from checker.check import Failure
from checker.client import ORDER_TIMEOUT, Client, Event
from checker.hosted import Hosted
from checker.link import Link, Packet, Watch, shape
from checker.loading import DEFAULT_PATH, Borrower, Loaded, Loader
from checker.page import Page
from checker.report import Json
from checker.server import Finished, Response, Server, finish
from checker.source import Source
from checker.stage.channel import Flag, encode
from checker.stage.lent import Lent
from checker.stage.pool import Pool
from checker.submission import Submission

__all__ = ["App", "Client", "Event", "Finished", "Loaded", "Packet", "Page", "Response", "Server"]

_TELLING = """
import os, sys
os.write(2, b"{word}\\n")
sys.path[:] = [place for place in sys.path if not place.endswith("{folder}")]
del sys.modules["{module}"]
import {module}
"""
"""A module that tells that it is imported, and gives way to the real one."""


class App:
    """One learner's app during one check."""

    def __init__(
        self,
        submission: Submission,
        pool: Pool,
        watch: Watch,
        cancel: Flag | None = None,
        on_output: Callable[[str], None] | None = None,
        source: Source | None = None,
        loader: Loader | None = None,
        lent: Lent | None = None,
        *,
        last: bool = False,
    ) -> None:
        """Prepare; nothing of the learner's runs yet.

        ``source`` spares reading it once more, ``loader`` loading it once more, for the ``last``
        time or not; ``lent`` are warm processes of ``pool`` that are the run's already.
        """
        self._submission = submission
        self._pool = pool
        self._watch = watch
        self._cancel = cancel
        self._on_output = on_output
        self._open = ExitStack()
        self._links: list[Link] = []
        self._link: Link | None = None
        self._loaded: Loaded | None = None
        self._last = last
        self.source = source or Source(submission.files, submission.entry)
        self._lent = lent or self._open.enter_context(pool.lend())
        self._loader = loader or Loader(submission, self._lent, self.source, cancel)
        if loader is None:
            self._open.callback(self._loader.close)
        self.files: Mapping[str, bytes] = submission.files
        self.versions: Mapping[str, str] = pool.versions

    def close(self) -> None:
        """End all that was started."""
        self._open.close()

    def nonce(self, prefix: str = "") -> str:
        """Return a text that nobody can know beforehand."""
        return f"{prefix}{secrets.token_hex(4)}"

    @property
    def output(self) -> str:
        """What the app printed so far, standard output and error together, within bounds."""
        return "".join(link.printed for link in self._links)

    @property
    def async_mode(self) -> str | None:
        """The async mode of the loaded app, if it was loaded and has one."""
        return self._loaded.async_mode if self._loaded else None

    def load(self) -> Loaded:
        """Run the script as ``python app.py`` would, up to the point where a server starts."""
        if self._loaded is None:
            borrower = Borrower(self._watch, self._use, self._on_output, self._last)
            self._loaded = self._open.enter_context(self._loader.lend(borrower))
        return self._loaded

    def _use(self, link: Link) -> None:
        """Speak to the loaded app over ``link`` from now on."""
        self._links = [link if known is self._link else known for known in self._links]
        if link not in self._links:
            self._links.append(link)
        self._link = link

    @cached_property
    def ran_server_on_import(self) -> bool:
        """Whether importing the script, instead of running it, starts a server."""
        return self._loader.started_on_import(self._watch, self._on_output)

    def get(self, path: str = "/", **query: str) -> Response:
        """Ask for a page with Flask's test client, which keeps cookies."""
        link = self._ready("Flask app", self.load().flask_count)
        answer = link.ask(
            f"answering a request for {path}", ORDER_TIMEOUT, do="get", path=path, query=query
        )
        return Response.read(answer, link)

    def connect(
        self, namespace: str = "/", *, auth: Json = None, help: str | None = None
    ) -> Client:
        """Connect Flask-SocketIO's test client; raise `Failure` when the app refuses it."""
        link = self._ready("SocketIO object", self.load().socketio_count)
        self._require_bound()
        answer = link.ask(
            "letting a client connect",
            ORDER_TIMEOUT,
            do="connect",
            namespace=namespace,
            auth=auth,
        )
        client = Client(link, shape(int, answer.get("client")), namespace, answer, live=False)
        if not client.connected:
            raise Failure(
                f"Your app did not let a client connect to {namespace!r}.",
                help=help or "A `connect` handler that returns False turns every client away.",
            )
        return client

    def _ready(self, what: str, count: int) -> Link:
        if not count or self._link is None:
            ended = self.load().exited
            raise Failure(
                f"No {what} was found in {self._submission.entry}."
                + (f" The script ended itself (exit status {ended})." if ended else ""),
                help="Take out what ends the script before the app is made."
                if ended
                else "Make it at the top level of the script, or in a create_app() function.",
            )
        return self._link

    def _require_bound(self) -> None:
        loaded = self.load()
        if not loaded.bound or not loaded.flask_count:
            raise Failure(
                "Your app makes a SocketIO object, but it was never given the Flask app.",
                help="Write SocketIO(app), or call socketio.init_app(app) once app exists.",
                line=next((call.line for call in self.source.calls("SocketIO")), None),
            )

    def run_script(
        self,
        *arguments: str,
        timeout: float = 10.0,
        versions: Mapping[str, str] | None = None,
        tells: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run ``python app.py`` to its end, with a terminal as standard input.

        ``versions`` pretends that other versions are installed (distribution name to version), as
        ``importlib.metadata`` tells them. ``tells`` (module to word) lets a word appear on standard
        error at the moment when the program imports a module.
        """
        # Before and behind the real ones: some programs take the first of a name, some the last.
        # Nobody knows the folders' names: to find a version there is to look it up.
        folders = [f".{secrets.token_hex(6)}" for _ in range(2 if versions or tells else 0)]
        faked = {n: d for folder in folders for n, d in _metadata(folder, versions or {}).items()}
        for module, word in (tells or {}).items():
            text = _TELLING.format(word=word, folder=folders[0], module=module)
            faked[f"{folders[0]}/{module}.py"] = text.encode()
        link = self._start(list(arguments), faked, separate=True, paths=folders)
        return finish(link, timeout)

    def serve(
        self, *, timeout: float = 20.0, env: Mapping[str, str] | None = None, browser: bool = False
    ) -> Server:
        """Run ``python app.py`` and wait until it listens, on whatever host and port.

        With ``browser``, what `Server.page` needs gets ready meanwhile.
        """
        link = self._start([], {}, separate=False, env=env or {}, browser=browser)
        return Server(link, self._pool.places, timeout, self._path)

    def host(self) -> Hosted | Server:
        """Serve the loaded app with a web server of ours, for connections of ours.

        What these see are bytes on a connection, which no patched library can forge. An app that
        must come before all imports, or takes no polling clients, is run by `serve` instead.
        """
        if self._loader.needs_fresh:
            return self.serve()
        link = self._ready("Flask app", self.load().flask_count)
        self._require_bound()
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="course-"))
        return Hosted(link, self._path, self.serve, folder)

    @property
    def _path(self) -> str:
        return self._loaded.path if self._loaded else DEFAULT_PATH

    def _start(
        self,
        arguments: list[str],
        more: Mapping[str, bytes],
        *,
        separate: bool,
        paths: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        browser: bool = False,
    ) -> Link:
        stage = self._open.enter_context(
            self._lent.script_stage(cancel=self._cancel, on_output=self._on_output)
        )
        link = Link(stage, self._watch, ours=True)
        self._links.append(link)
        python = self._pool.own_python or self._pool.places.python
        link.ask(
            "starting",
            ORDER_TIMEOUT,
            do="start",
            files=encode({**self.files, **more}),
            command=[python, self._submission.entry, *arguments],
            env={**self._environment(paths, separate), **(env or {})},
            separate=separate,
            browser=[self._pool.places.node, self._pool.places.page] if browser else None,
        )
        return link

    def _environment(self, around: Sequence[str], unbuffered: bool) -> dict[str, str]:
        taught = [] if self._pool.own_python else [self._pool.places.taught]
        paths = [*around[:1], *taught, *around[1:]]
        # Without a terminal as standard output, what was printed would be lost with a killed run.
        unbuffer = {"PYTHONUNBUFFERED": "1"} if unbuffered else {}
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": ":".join(paths),
            **unbuffer,
        }


def _metadata(folder: str, versions: Mapping[str, str]) -> dict[str, bytes]:
    return {
        f"{folder}/{name.replace('-', '_')}-{version}.dist-info/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
        )
        for name, version in versions.items()
    }
