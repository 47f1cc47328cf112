"""A preview that runs, and browsers that visit it."""

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import socketio

from checker.packets import Passed
from checker.preview import Gone, Limits, Listening, News, Output, Preview, Traffic
from checker.stage.pool import Pool
from checker.submission import Submission
from tests.checker.apps import ECHO

PLAIN = ECHO.replace("debug=True", "allow_unsafe_werkzeug=True")
SECONDS = 40.0


class Visited:
    """A preview that runs, with a port on which it can be visited as two users."""

    def __init__(self, pool: Pool, files: str | dict[str, str], **limits: float) -> None:
        given = {"app.py": files} if isinstance(files, str) else files
        self.preview = Preview(Submission.from_files(given), pool, limits=Limits(**limits))  # type: ignore[arg-type]
        self.news: list[News] = []
        self.user = 1
        self._told: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for each in self.preview.events():
            self._told.put(each)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.preview.let_in(connection, self.user)
            connection.close()

    def wait(self, wanted: Callable[[News], bool]) -> Any:
        """Return the first piece of news that is wanted, of those that came or will come."""
        seen = 0
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            while seen < len(self.news):
                if wanted(self.news[seen]):
                    return self.news[seen]
                seen += 1
            try:
                self.news.append(self._told.get(timeout=1))
            except queue.Empty:
                continue
        raise AssertionError(self.news)

    def listening(self) -> str:
        found: Listening = self.wait(lambda news: isinstance(news, Listening))
        return found.address

    def gone(self) -> Gone:
        found: Gone = self.wait(lambda news: isinstance(news, Gone))
        return found

    def packet(self, wanted: Callable[[Passed], bool]) -> Passed:
        """Wait for something that passed."""
        found: Traffic = self.wait(
            lambda news: isinstance(news, Traffic) and any(wanted(each) for each in news.passed)
        )
        return next(each for each in found.passed if wanted(each))

    def passed(self) -> list[Passed]:
        return [each for news in self.news if isinstance(news, Traffic) for each in news.passed]

    @property
    def output(self) -> str:
        return "".join(news.text for news in self.news if isinstance(news, Output))

    def close(self) -> None:
        self.preview.stop()
        self._thread.join(SECONDS)
        self._listener.close()
        assert not self._thread.is_alive()


Visit = Callable[..., Visited]


@contextmanager
def connected(visited: Visited, **how: Any) -> Iterator[socketio.Client]:
    """A client of the app, which is gone afterwards, whatever happens."""
    client = socketio.Client(reconnection=False)
    client.connect(visited.url, **how)
    try:
        yield client
    finally:
        client.disconnect()


def is_event(name: str, to: str) -> Callable[[Passed], bool]:
    return lambda each: (
        each.meaning is not None and each.meaning.event == name and each.record["to"] == to
    )
