"""Warm processes, kept and lent: the judge's way to a stage.

Each run borrows warm processes of its own; one that has died or does not answer is replaced, and
only the stages it was serving are lost.
"""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import FileIO
from typing import Literal, Self

from checker.stage.channel import Channel, open_channel
from checker.stage.ending import reap
from checker.stage.engine import prepare_later
from checker.stage.origin import Kind, Origin, WarmProcess
from checker.stage.process import AppStage, Stage
from checker.stage.sandbox import (
    PAGE_ENGINE,
    USER,
    Places,
    Sandbox,
    SandboxError,
    find_bwrap,
    find_node,
    refused,
)


class Pool:
    """Lends stages; thread-safe. Use `open` as a context manager."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Start the first origin at once, so that it imports while the caller reads."""
        self.walls = sandbox
        """What separates stages from this machine."""
        self.network = threading.Lock()
        """Held by the script that uses this machine's own network, where there are no walls."""
        self._lock = threading.Lock()
        self._origins: dict[Kind, Origin] = {}
        self._idle: list[WarmProcess] = []
        self._all: list[WarmProcess] = []
        self.versions: Mapping[str, str] = sandbox.versions()
        if sandbox.python is None:
            self.prepare("app")

    @classmethod
    def open(cls, sandbox: Literal["auto", "bubblewrap", "process"] | Sandbox = "auto") -> Self:
        """Open a pool behind the strongest walls that work here, or those asked for.

        Raises SandboxError when bubblewrap was asked for and the kernel refuses it.
        """
        if isinstance(sandbox, Sandbox):
            return cls(sandbox)
        if sandbox == "process":
            return cls(Sandbox("process"))
        pool = cls._walled() or cls._walled()  # what was remembered of packages may be wrong once
        if pool is None and sandbox == "bubblewrap":
            why = refused() or "the packages that you installed cannot be shown in it."
            raise SandboxError(f"The bubblewrap sandbox does not work here: {why}")
        return pool or cls(Sandbox("process"))

    @classmethod
    def _walled(cls) -> Self | None:
        """Open a pool behind bubblewrap; None where that does not begin. It imports after that."""
        sandbox = Sandbox("bubblewrap")
        if sys.platform != "linux" or find_bwrap() is None:
            return None
        pool = cls(sandbox)
        if pool._origin("app").begins():
            return pool
        pool.close()
        sandbox.forget_packages()
        return None

    @property
    def sandbox(self) -> str:
        """The walls in force: ``bubblewrap`` or ``process``."""
        return self.walls.kind

    @property
    def places(self) -> Places:
        """Paths as seen from inside (`stage.sandbox.Places`)."""
        return self.walls.places

    @property
    def own_python(self) -> str | None:
        """A learner's own interpreter, when their scripts are to run in that."""
        return str(self.walls.python) if self.walls.python else None

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all warm processes."""
        self.close()

    def close(self) -> None:
        """Stop all processes."""
        with self._lock:
            origins, self._origins = self._origins, {}
            processes, self._all, self._idle = self._all, [], []
        for origin in origins.values():
            origin.close()
        for process in processes:
            process.close()
        self.walls.close()

    @contextmanager
    def lend(self) -> Iterator[Lent]:
        """Lend the warm processes of one run, for as long as it takes."""
        lent = Lent(self)
        try:
            yield lent
        finally:
            lent.close()

    @contextmanager
    def script_stage(
        self,
        *,
        cancel: threading.Event | None = None,
        on_output: Callable[[str], None] | None = None,
        waits: bool = True,
    ) -> Iterator[Stage]:
        """Lend one driver, see `Lent.script_stage`."""
        with (
            self.lend() as lent,
            lent.script_stage(cancel=cancel, on_output=on_output, waits=waits) as stage,
        ):
            yield stage

    def prepare(self, kind: Kind) -> None:
        """Let a kind of processes get ready now, unless it is; it will be needed soon."""
        self._origin(kind)

    def take(self, kind: Kind) -> WarmProcess:
        """Return a warm process that nobody else uses; `give_back` it."""
        while (process := self._idle_one(kind)) is not None:
            if process.alive:
                return process
            self.give_back(process)
        return self._new(kind)

    def _idle_one(self, kind: Kind) -> WarmProcess | None:
        with self._lock:
            for process in self._idle:
                if process.kind == kind:
                    self._idle.remove(process)
                    return process
        return None

    def _new(self, kind: Kind) -> WarmProcess:
        process = self._origin(kind).branch()
        with self._lock:
            self._all.append(process)
        return process

    def _origin(self, kind: Kind) -> Origin:
        with self._lock:
            origin = self._origins.get(kind)
            if origin is None or not origin.alive:
                if kind == "script":
                    prepare_later(find_node(), PAGE_ENGINE)
                if origin is not None:
                    origin.close()
                origin = self._origins[kind] = Origin(self.walls, kind)
            return origin

    def give_back(self, process: WarmProcess) -> None:
        """Let others use a warm process, or forget one that has died."""
        with self._lock:
            if process.alive:
                self._idle.append(process)
                return
            self._all = [other for other in self._all if other is not process]
        process.close()


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
        cancel: threading.Event | None = None,
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
        cancel: threading.Event | None = None,
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


def encode(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return files as an order carries them."""
    return {name: base64.b64encode(data).decode() for name, data in files.items()}
