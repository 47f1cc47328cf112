"""The judge's end of one process behind the walls: a warm one, a stage, and how a stage ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from typing import Any, Literal

from checker.stage.channel import Cancelled, Channel, StageGone, StageTimeout, open_channel
from checker.stage.sandbox import USER, Sandbox, SandboxError

Kind = Literal["app", "green", "script"]
START_TIMEOUT = 60.0
"""Seconds for a warm process to be ready; a loaded machine may need many."""
COPY_TIMEOUT = 5.0
"""Seconds for a loaded app to copy itself, or to say how a copy ended."""


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

    def ask(self, limit: float, /, descriptors: Sequence[int] = (), **order: Any) -> dict[str, Any]:
        """Send one order and return its answer; see `Channel.ask`."""
        return self.channel.ask(order, limit, descriptors)

    def end(self, grace: float = 0.0) -> Ending:
        """End the process, giving it ``grace`` seconds to end by itself; idempotent.

        Grace is for a stage that has hung up, so that the true cause of its end shows.
        """
        if self._ending is None:
            self._ending = self._end(grace)
        return self._ending


class AppStage(Stage):
    """A stage that loads one app, and then may copy itself: for each check, an app as fresh.

    A copy is a fork with memory of its own. Whether it shares anything else with those that come
    after it is asked of the kernel, from outside of its walls (``inside/traces.py``): before the
    first, and after each.
    """

    def __init__(self, channel: Channel, warm: WarmProcess, number: int) -> None:
        """Speak over ``channel`` for stage ``number`` of a warm process."""
        super().__init__(channel, lambda grace: warm.end(number, grace))
        self._warm = warm
        self._number = number
        self.unchanged = False
        """Whether the next copy will find all as the first did."""

    def may_be_copied(self) -> bool:
        """Look, once the app is loaded, whether its copies would share anything."""
        self.unchanged = self._warm.examine(self._number)
        return self.unchanged

    @contextmanager
    def copy(
        self, cancel: threading.Event | None, on_output: Callable[[str], None] | None
    ) -> Iterator[Stage]:
        """Lend a copy. Raises StageGone or StageTimeout when none can be made."""
        ends = open_channel(cancel, on_output, self.channel.printed)
        with ends as (channel, theirs, output):
            self.ask(COPY_TIMEOUT, [theirs.fileno(), output.fileno()], do="copy")
            theirs.close()
            output.close()
            stage = Stage(channel, self._end_copy)
            try:
                yield stage
            finally:
                stage.end()

    def _end_copy(self, grace: float) -> Ending:
        status = self._reap(grace) if grace else None
        killed = status is None
        self.unchanged = self._warm.sweep(self._number) and killed
        return Ending(-int(signal.SIGKILL) if status is None else status, killed)

    def _reap(self, grace: float) -> int | None:
        try:
            answer = self.ask(COPY_TIMEOUT + grace, do="reap", grace=grace)
            status = answer["ok"]["status"]
            return status if isinstance(status, int) else None
        except (StageGone, StageTimeout, Cancelled, KeyError, TypeError):
            self.unchanged = False
            return None


class WarmProcess:
    """A process that has imported the taught packages and forks stages on demand. Thread-safe."""

    def __init__(self, sandbox: Sandbox, kind: Kind) -> None:
        """Start it; it imports while the caller goes on."""
        self._sandbox = sandbox
        self.kind: Kind = kind
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = (theirs.fileno(), kind, sandbox.places.app, sandbox.walled, USER)
            self._process = sandbox.popen(
                "warm", arguments, [theirs.fileno()], with_client=kind == "script"
            )
        self._control = ours
        self._lock = threading.RLock()
        self._count = 0
        self._modules: frozenset[str] = frozenset()

    def wait_ready(self) -> frozenset[str]:
        """Return the top-level names of what is imported, once that is done.

        Raises SandboxError when the process cannot start.
        """
        with self._lock:
            if not self._modules:
                try:
                    self._modules = frozenset(self._hear(START_TIMEOUT)["ready"])
                except (OSError, ValueError, KeyError):
                    raise SandboxError(
                        f"The {self._sandbox.kind} sandbox does not start here; "
                        "`course doctor` shows what is missing."
                    ) from None
            return self._modules

    def start(self, channel: socket.socket, output: FileIO, folder: str | None) -> int:
        """Fork one stage that owns ``channel`` and ``output``; return its number."""
        with self._lock:
            self.wait_ready()
            self._count += 1
            order = {"do": "start", "stage": self._count, "folder": folder}
            descriptors = [channel.fileno(), output.fileno()]
            socket.send_fds(self._control, [json.dumps(order).encode()], descriptors)
            answer = self._hear(20)
            if "started" not in answer:
                raise OSError(answer.get("refused", "the warm process did not start a stage"))
            return self._count

    def end(self, stage: int, grace: float) -> Ending:
        """End a stage, giving it ``grace`` seconds to end by itself."""
        answer = self._ask({"do": "end", "stage": stage, "grace": grace})
        try:
            return Ending(int(answer["status"]), bool(answer["killed"]))
        except (ValueError, KeyError):
            return Ending(-int(signal.SIGKILL), True)

    def examine(self, stage: int) -> bool:
        """Whether copies of a stage would share nothing but what it has loaded."""
        return self._ask({"do": "examine", "stage": stage}).get("alone") is True

    def sweep(self, stage: int) -> bool:
        """Kill the copy of a stage; whether it left the stage and its files as they were."""
        return self._ask({"do": "sweep", "stage": stage}).get("unchanged") is True

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """Give an order; a process that does not answer is ended, and the answer is empty."""
        with self._lock:
            try:
                self._control.sendall(json.dumps(order).encode())
                return self._hear(10)
            except (OSError, ValueError):
                self.close()
                return {}

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


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a process of ours with all that it started, and wait for it."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    process.wait()


def reap(process: subprocess.Popen[bytes], grace: float) -> Ending:
    """Wait for a process of ours to end, or end it after ``grace`` seconds; say how it ended."""
    end = time.monotonic() + grace
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    killed = process.poll() is None
    stop(process)
    status = process.returncode
    return Ending(128 - status if 128 < status < 160 else status, killed)
