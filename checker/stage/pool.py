"""Warm processes, kept and lent: the judge's way to a stage.

Each thread that checks borrows a warm process of its own; a warm process that has died or does
not answer is replaced, and only the stage it was serving is lost.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from typing import Any, Literal, Self

from checker.stage.channel import Channel
from checker.stage.sandbox import USER, Places, Sandbox, SandboxError, choose
from checker.stage.taught import REPORTED

Kind = Literal["app", "green", "script", "host"]
START_TIMEOUT = 60.0
"""Seconds for a warm process to be ready; a loaded machine may need many."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stage ended: its exit status (negative: the signal), and whether we killed it."""

    status: int
    killed: bool

    def sentence(self) -> str:
        """Say it to a learner."""
        if self.killed:
            return "it stopped answering and was stopped"
        if self.status < 0:
            known = {item.value: item.name for item in signal.Signals}
            return f"it was stopped by the signal {known.get(-self.status, -self.status)}"
        return f"it ended by itself with exit status {self.status}"


class Stage:
    """One process behind the walls that takes orders: a loaded app, or a script's driver."""

    def __init__(self, channel: Channel, end: Callable[[float], Ending]) -> None:
        """Speak over ``channel``; ``end`` ends the process and says how it ended."""
        self.channel = channel
        self._end = end
        self._ending: Ending | None = None

    def ask(self, limit: float, /, **order: Any) -> dict[str, Any]:
        """Send one order and return its answer; see `Channel.ask`."""
        return self.channel.ask(order, limit)

    def end(self, grace: float = 0.0) -> Ending:
        """End the process, giving it ``grace`` seconds to end by itself; idempotent.

        Grace is for a stage that has hung up, so that the true cause of its end shows.
        """
        if self._ending is None:
            self._ending = self._end(grace)
        return self._ending


class WarmProcess:
    """A process that has imported the taught packages and forks stages on demand."""

    def __init__(self, sandbox: Sandbox, kind: Kind) -> None:
        """Start it; it imports while the caller goes on."""
        self._sandbox = sandbox
        self.kind: Kind = kind
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = (theirs.fileno(), kind, sandbox.places.app, sandbox.walled, USER)
            self._process = sandbox.popen(
                "warm", arguments, [theirs.fileno()], with_client=kind in {"script", "host"}
            )
        self._control = ours
        self._count = 0
        self.modules: frozenset[str] = frozenset()

    def wait_ready(self) -> None:
        """Return when imports are done; raise SandboxError when the process cannot start."""
        if not self.modules:
            try:
                self.modules = frozenset(self._hear(START_TIMEOUT)["ready"])
            except (OSError, ValueError, KeyError):
                raise SandboxError(
                    f"The {self._sandbox.kind} sandbox does not start here; "
                    "`course doctor` shows what is missing."
                ) from None

    def start(
        self, channel: socket.socket, output: int, folder: str | None
    ) -> Callable[[float], Ending]:
        """Fork one stage that owns ``channel`` and ``output``; return what ends it."""
        self.wait_ready()
        self._count += 1
        order = {"do": "start", "stage": self._count, "folder": folder}
        socket.send_fds(self._control, [json.dumps(order).encode()], [channel.fileno(), output])
        answer = self._hear(20)
        if "started" not in answer:
            raise OSError(answer.get("refused", "the warm process did not start a stage"))
        number = self._count
        return lambda grace: self._end(number, grace)

    def _end(self, number: int, grace: float) -> Ending:
        try:
            order = {"do": "end", "stage": number, "grace": grace}
            self._control.sendall(json.dumps(order).encode())
            answer = self._hear(10)
            return Ending(int(answer["status"]), bool(answer["killed"]))
        except (OSError, ValueError, KeyError):
            self.close()
            return Ending(-int(signal.SIGKILL), True)

    def _hear(self, timeout: float) -> dict[str, Any]:
        self._control.settimeout(timeout)
        line = bytearray()
        while not line.endswith(b"\n"):
            chunk = self._control.recv(65536)
            if not chunk or len(line) > 1_000_000:
                raise OSError("the warm process has ended")
            line += chunk
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise ValueError(answer)
        return answer

    @property
    def alive(self) -> bool:
        """Whether the process still runs and can be spoken to."""
        return self._control.fileno() >= 0 and self._process.poll() is None

    def close(self) -> None:
        """Stop it, and every stage with it."""
        self._control.close()
        stop(self._process)


class Pool:
    """Lends stages; thread-safe. Use `open` as a context manager."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Start the first warm process at once, so that it imports while the caller reads."""
        sandbox.taught.compile()
        sandbox.client.compile()
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._network = threading.Lock()
        self._idle: list[WarmProcess] = []
        self._all: list[WarmProcess] = []
        self.versions: Mapping[str, str] = _versions(sandbox)
        if sandbox.python is None:
            self._give_back(self._new("app"))

    @classmethod
    def open(cls, sandbox: Literal["auto", "bubblewrap", "process"] | Sandbox = "auto") -> Self:
        """Open a pool behind the strongest walls that work here, or those asked for."""
        return cls(sandbox if isinstance(sandbox, Sandbox) else choose(sandbox))

    @property
    def sandbox(self) -> str:
        """The walls in force: ``bubblewrap`` or ``process``."""
        return self._sandbox.kind

    @property
    def places(self) -> Places:
        """Paths as seen from inside (`stage.sandbox.Places`)."""
        return self._sandbox.places

    @property
    def own_python(self) -> str | None:
        """A learner's own interpreter, when their scripts are to run in that."""
        return str(self._sandbox.python) if self._sandbox.python else None

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all warm processes."""
        self.close()

    def close(self) -> None:
        """Stop all warm processes."""
        with self._lock:
            processes, self._all, self._idle = self._all, [], []
        for process in processes:
            process.close()
        self._sandbox.close()

    def is_preloaded(self, name: str) -> bool:
        """Whether a module of this top-level name is already imported in a warm process."""
        with self._warm("app") as warm:
            warm.wait_ready()
            return name in warm.modules

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
        with self._ends(cancel, on_output) as (channel, theirs, output), self._folder() as folder:
            if fresh:
                process = self._fresh(theirs, output, folder)
                yield from self._lend(channel, theirs, output, lambda grace: _reap(process, grace))
            else:
                with self._warm("green" if green else "app") as warm:
                    end = warm.start(theirs, output.fileno(), folder)
                    yield from self._lend(channel, theirs, output, end)

    @contextmanager
    def script_stage(
        self,
        *,
        hosts: bool = False,
        cancel: threading.Event | None = None,
        on_output: Callable[[str], None] | None = None,
    ) -> Iterator[Stage]:
        """Lend a driver that runs the learner's script in a real interpreter.

        With ``hosts``, one that can serve the app itself, and has imported what that needs.
        """
        shared = threading.Lock() if self._sandbox.walled else self._network
        with (
            shared,
            self._ends(cancel, on_output) as (channel, theirs, output),
            self._folder() as folder,
            self._warm("host" if hosts else "script") as warm,
        ):
            end = warm.start(theirs, output.fileno(), folder)
            yield from self._lend(channel, theirs, output, end)

    def _fresh(
        self, channel: socket.socket, output: FileIO, folder: str
    ) -> subprocess.Popen[bytes]:
        descriptors = [channel.fileno(), output.fileno()]
        arguments = (*descriptors, folder, self._sandbox.walled, USER)
        return self._sandbox.popen("fresh", arguments, descriptors)

    def _lend(
        self,
        channel: Channel,
        theirs: socket.socket,
        output: FileIO,
        end: Callable[[float], Ending],
    ) -> Iterator[Stage]:
        theirs.close()
        output.close()
        stage = Stage(channel, end)
        try:
            yield stage
        finally:
            stage.end()

    @contextmanager
    def _ends(
        self, cancel: threading.Event | None, on_output: Callable[[str], None] | None
    ) -> Iterator[tuple[Channel, socket.socket, FileIO]]:
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        channel = Channel(ours, reading, cancel=cancel, on_output=on_output)
        with theirs, FileIO(writing, "wb") as output:
            try:
                yield channel, theirs, output
            finally:
                channel.close()

    @contextmanager
    def _folder(self) -> Iterator[str]:
        """Where a stage puts the app: its own scratch, or a temporary folder without walls."""
        if self._sandbox.walled:
            yield self._sandbox.places.app
            return
        with tempfile.TemporaryDirectory(prefix="course-app-", ignore_cleanup_errors=True) as name:
            yield os.path.realpath(name)

    @contextmanager
    def _warm(self, kind: Kind) -> Iterator[WarmProcess]:
        process = self._take(kind)
        try:
            yield process
        finally:
            self._give_back(process)

    def _take(self, kind: Kind) -> WarmProcess:
        while (process := self._idle_one(kind)) is not None:
            if process.alive:
                return process
            self._give_back(process)
        return self._new(kind)

    def _idle_one(self, kind: Kind) -> WarmProcess | None:
        with self._lock:
            for process in self._idle:
                if process.kind == kind:
                    self._idle.remove(process)
                    return process
        return None

    def _new(self, kind: Kind) -> WarmProcess:
        process = WarmProcess(self._sandbox, kind)
        with self._lock:
            self._all.append(process)
        return process

    def _give_back(self, process: WarmProcess) -> None:
        with self._lock:
            if process.alive:
                self._idle.append(process)
                return
            self._all = [other for other in self._all if other is not process]
        process.close()


def encode(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return files as an order carries them."""
    return {name: base64.b64encode(data).decode() for name, data in files.items()}


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a process of ours with all that it started, and wait for it."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    process.wait()


def _reap(process: subprocess.Popen[bytes], grace: float) -> Ending:
    end = time.monotonic() + grace
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    killed = process.poll() is None
    stop(process)
    status = process.returncode
    return Ending(128 - status if 128 < status < 160 else status, killed)


def _versions(sandbox: Sandbox) -> dict[str, str]:
    import platform

    if sandbox.python is None:
        return {"python": platform.python_version(), **sandbox.taught.versions(REPORTED)}
    program = (
        "import importlib.metadata as m, json, platform\n"
        "found = {'python': platform.python_version()}\n"
        f"for name in {REPORTED!r}:\n"
        "    try: found[name] = m.version(name)\n"
        "    except m.PackageNotFoundError: pass\n"
        "print(json.dumps(found))"
    )
    command = [str(sandbox.python), "-c", program]
    try:
        done = subprocess.run(command, capture_output=True, timeout=30, check=True)
        return {str(k): str(v) for k, v in json.loads(done.stdout).items()}
    except (OSError, ValueError, subprocess.SubprocessError):
        raise SandboxError(f"{sandbox.python} is not a Python that runs here.") from None
