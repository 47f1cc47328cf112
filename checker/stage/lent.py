"""What one run has taken of a pool: warm processes, and the stages that they start for it."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from typing import TYPE_CHECKING

from checker.stage.channel import Channel, Flag, open_channel
from checker.stage.ending import reap
from checker.stage.origin import Kind, WarmProcess
from checker.stage.process import AppStage, Stage
from checker.stage.sandbox import USER

if TYPE_CHECKING:
    from checker.stage.pool import Pool


class Lent:
    """The warm processes of one run: taken when first asked for, shared by its checks.

    Thread-safe. No other run uses them meanwhile, so whoever breaks one breaks their own.
    """

    def __init__(self, pool: Pool) -> None:
        """Take nothing yet."""
        self._pool = pool
        self._lock = threading.Lock()
        self._held: dict[Kind, WarmProcess] = {}

    def close(self) -> None:
        """Give everything back."""
        with self._lock:
            held, self._held = self._held, {}
        for process in held.values():
            self._pool.give_back(process)

    def discard(self) -> None:
        """End everything that was taken: somebody may be using it still."""
        with self._lock:
            held, self._held = self._held, {}
        for process in held.values():
            process.close()
            self._pool.give_back(process)

    def hold(self, kind: Kind) -> WarmProcess:
        """Return this run's warm process of a kind."""
        with self._lock:
            process = self._held.get(kind)
            if process is None or not process.alive:
                if process is not None:
                    self._pool.give_back(process)
                process = self._held[kind] = self._pool.take(kind)
            return process

    @contextmanager
    def app_stage(
        self,
        *,
        fresh: bool = False,
        green: bool = False,
        cancel: Flag | None = None,
        on_output: Callable[[str], None] | None = None,
    ) -> Iterator[Stage]:
        """Lend a stage that loads one app: forked from a warm process, or ``fresh``.

        ``green`` is for an app that may choose eventlet or gevent: they are imported already.
        """
        with open_channel(cancel, on_output) as (channel, theirs, output), self._folder() as folder:
            if fresh:
                process = self._fresh(theirs, output, folder)
                yield from _lend(Stage(channel, lambda grace: reap(process, grace)), theirs, output)
            else:
                warm = self.hold("green" if green else "app")
                number = warm.start(theirs, output, folder)
                stage = _plain(channel, warm, number)
                if self._pool.walls.walled:
                    stage = AppStage(channel, warm, number)
                yield from _lend(stage, theirs, output)

    @contextmanager
    def script_stage(
        self,
        *,
        cancel: Flag | None = None,
        on_output: Callable[[str], None] | None = None,
        waits: bool = True,
    ) -> Iterator[Stage]:
        """Lend a driver that runs the learner's script in a real interpreter.

        Without walls all scripts share one network, so one waits for another, unless ``waits`` is
        False.
        """
        shared = threading.Lock() if self._pool.walls.walled or not waits else self._pool.network
        with (
            shared,
            open_channel(cancel, on_output) as (channel, theirs, output),
            self._folder() as folder,
        ):
            warm = self.hold("script")
            number = warm.start(theirs, output, folder)
            yield from _lend(_plain(channel, warm, number), theirs, output)

    def _fresh(
        self, channel: socket.socket, output: FileIO, folder: str
    ) -> subprocess.Popen[bytes]:
        descriptors = [channel.fileno(), output.fileno()]
        arguments = (*descriptors, folder, self._pool.walls.walled, USER)
        return self._pool.walls.popen("fresh", arguments, descriptors)

    @contextmanager
    def _folder(self) -> Iterator[str]:
        """Where a stage puts the app: its own scratch, or a temporary folder without walls."""
        if self._pool.walls.walled:
            yield self._pool.walls.places.app
            return
        with tempfile.TemporaryDirectory(prefix="course-app-", ignore_cleanup_errors=True) as name:
            yield os.path.realpath(name)


def _plain(channel: Channel, warm: WarmProcess, number: int) -> Stage:
    return Stage(channel, lambda grace: warm.end(number, grace))


def _lend(stage: Stage, theirs: socket.socket, output: FileIO) -> Iterator[Stage]:
    theirs.close()
    output.close()
    try:
        yield stage
    finally:
        stage.end()
