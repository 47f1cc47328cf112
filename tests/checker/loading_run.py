"""Checks of one run, which borrow one loaded app."""

from collections.abc import Iterator
from contextlib import contextmanager

from checker.app import App
from checker.link import Watch
from checker.loading import Loader
from checker.source import Source
from checker.stage.lent import Lent
from checker.stage.pool import Pool
from checker.submission import Submission


class Run:
    """Checks of one run, one after the other, as `checker.run` makes them."""

    def __init__(self, pool: Pool, program: str) -> None:
        submission = Submission.from_files({"app.py": program})
        self.pool = pool
        self.submission = submission
        self.source = Source(submission.files, submission.entry)
        self.lent = Lent(pool)
        self.loader = Loader(submission, self.lent, self.source)
        self.heard: list[str] = []

    @contextmanager
    def check(self, *, last: bool = False) -> Iterator[App]:
        """The app of one check, the ``last`` of the run or not."""
        app = App(
            self.submission,
            self.pool,
            Watch(),
            None,
            self.heard.append,
            self.source,
            self.loader,
            self.lent,
            last=last,
        )
        try:
            yield app
        finally:
            app.close()

    def call(self, payload: str = "x") -> object:
        """What the handler of `message` returns, in a check of its own."""
        with self.check() as app:
            return app.connect().call("message", payload)

    def close(self) -> None:
        """End the run."""
        self.loader.close()
        self.lent.close()

    @property
    def kept(self) -> bool:
        """Whether the next check gets a copy of what is loaded already."""
        return self.loader._kept is not None


def program(body: str, before: str = "") -> str:
    """An app whose handler of `message` runs ``body``."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return (
        "import gc, os, signal, mmap, sys, threading, time\n"
        "from flask import Flask\nfrom flask_socketio import SocketIO\n"
        "app = Flask(__name__)\nsocketio = SocketIO(app, async_mode='threading')\n"
        f"{before}\n"
        f"@socketio.on('message')\ndef handle(data):\n{lines}\n"
    )


def run_of(pool: Pool, body: str, before: str = "") -> Run:
    return Run(pool, program(body, before))
