"""Warm processes, kept and lent: the judge's way to a stage.

Each run borrows warm processes of its own; one that has died or does not answer is replaced, and
only the stages it was serving are lost.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Literal, Self

from checker.stage.channel import Flag
from checker.stage.engine import prepare_later
from checker.stage.lent import Lent
from checker.stage.origin import Kind, Origin, WarmProcess
from checker.stage.process import Stage
from checker.stage.sandbox import (
    PAGE_ENGINE,
    Places,
    Sandbox,
    SandboxError,
    find_bwrap,
    find_node,
    refused,
)

_CLOSED = "The sandbox is closed."


class Pool:
    """Lends stages; thread-safe. Use `open` as a context manager."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Start the first origin at once, so that it imports while the caller reads."""
        self.walls = sandbox
        """What separates stages from this machine."""
        self.network = threading.Lock()
        """Held by the script that uses this machine's own network, where there are no walls."""
        self._lock = threading.Lock()
        self._many = self._closed = False
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
            self._closed = True
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
        cancel: Flag | None = None,
        on_output: Callable[[str], None] | None = None,
        waits: bool = True,
    ) -> Iterator[Stage]:
        """Lend one driver, see `Lent.script_stage`."""
        with (
            self.lend() as lent,
            lent.script_stage(cancel=cancel, on_output=on_output, waits=waits) as stage,
        ):
            yield stage

    def expect_many(self, *kinds: Kind) -> None:
        """Get ready for many runs: each costs a tenth less, and the first may wait for that.

        Processes of all ``kinds`` start now, one after the other.
        """
        self._many = True
        threading.Thread(target=self._get_ready, args=(kinds,), daemon=True).start()

    def _get_ready(self, kinds: Sequence[Kind]) -> None:
        with suppress(SandboxError):  # whoever needs the process is told
            for kind in kinds:
                self._gathered(kind).wait_ready()

    def _gathered(self, kind: Kind) -> Origin:
        origin = self._origin(kind)
        if self._many and kind != "script":
            origin.gather()
        return origin

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
        process = self._gathered(kind).branch()
        with self._lock:
            if not self._closed:
                self._all.append(process)
                return process
        process.close()
        raise SandboxError(_CLOSED)

    def _origin(self, kind: Kind) -> Origin:
        with self._lock:
            if self._closed:
                raise SandboxError(_CLOSED)
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
