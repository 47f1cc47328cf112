"""Processes that have done their imports: one for each kind, and the warm ones forked from it.

An origin never starts a stage, so no learner's code comes near it; it does the imports once,
however many warm processes there are. A warm process serves one run at a time, and starts stages.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from io import FileIO
from typing import Any, Literal

from checker.stage.control import Control
from checker.stage.ending import Ending, stop
from checker.stage.sandbox import USER, Sandbox, SandboxError

Kind = Literal["app", "green", "script"]
START_TIMEOUT = 60.0
"""Seconds for an origin to begin, and to be ready; a loaded machine may need many."""
BRANCH_TIMEOUT = 20.0
"""Seconds for a fork."""
ANSWER_TIMEOUT = 10.0
"""Seconds for any other order."""


class Origin:
    """A process behind the walls from which warm processes are forked. Thread-safe."""

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
        self._control = Control(ours)
        self._lock = threading.Lock()
        self._begun = self._gathered = False
        self._modules: frozenset[str] = frozenset()

    def begins(self) -> bool:
        """Whether the walls let it begin, as soon as that is known; it imports after that."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._begun = self._begun or "begun" in self._control.hear(START_TIMEOUT)
        return self._begun

    @property
    def pid(self) -> int:
        """The process id, on this machine."""
        return self._process.pid

    def wait_ready(self) -> frozenset[str]:
        """Return the top-level names of what is imported, once that is done.

        Raises SandboxError when the process cannot start.
        """
        begins = self.begins()
        with self._lock:
            if not self._modules:
                try:
                    if not begins:
                        raise OSError("it did not begin")
                    self._modules = frozenset(self._control.hear(START_TIMEOUT)["ready"])
                except (OSError, ValueError, KeyError):
                    raise SandboxError(
                        f"The {self._sandbox.kind} sandbox does not start here; "
                        "`course doctor` shows what is missing."
                    ) from None
            return self._modules

    def gather(self) -> None:
        """Make all that will be forked from it cheaper, for 80 ms: see `inside/pages.py`."""
        self.wait_ready()
        with self._lock, contextlib.suppress(OSError, ValueError):
            if not self._gathered:
                self._gathered = True
                self._control.ask({"do": "gather"}, BRANCH_TIMEOUT)

    def branch(self) -> WarmProcess:
        """Fork a warm process. Raises SandboxError."""
        self.wait_ready()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                answer = self._control.ask({"do": "branch"}, BRANCH_TIMEOUT, [theirs.fileno()])
                return WarmProcess(self, Control(ours), int(answer["branched"]))
            except (OSError, ValueError, KeyError):
                ours.close()
                self.close()
                raise SandboxError(
                    f"The {self._sandbox.kind} sandbox could not start a process; try again."
                ) from None

    def end(self, number: int) -> None:
        """Kill a warm process, whatever it does; its stages die with it."""
        with contextlib.suppress(OSError, ValueError):
            self._control.ask({"do": "end", "number": number}, ANSWER_TIMEOUT)

    @property
    def alive(self) -> bool:
        """Whether the process still runs and can be spoken to."""
        return self._control.connected and self._process.poll() is None

    def close(self) -> None:
        """Stop it, and all that came of it."""
        self._control.close()
        stop(self._process)


class WarmProcess:
    """A process that has done its imports, and forks stages on demand. Thread-safe."""

    def __init__(self, origin: Origin, control: Control, number: int) -> None:
        """Speak over ``control`` to the process with this ``number`` of an origin."""
        self._origin = origin
        self._control = control
        self.number = number
        """Its process id behind the walls."""
        self._lock = threading.Lock()
        self._count = 0
        self._ended = False

    @property
    def kind(self) -> Kind:
        """What it has imported."""
        return self._origin.kind

    @property
    def modules(self) -> frozenset[str]:
        """The top-level names of what is imported."""
        return self._origin.wait_ready()

    def start(self, channel: socket.socket, output: FileIO, folder: str | None) -> int:
        """Fork one stage that owns ``channel`` and ``output``; return its number.

        Raises OSError when there cannot be one.
        """
        with self._lock:
            self._count += 1
            count = self._count
        order = {"do": "start", "stage": count, "folder": folder}
        answer = self._control.ask(order, BRANCH_TIMEOUT, [channel.fileno(), output.fileno()])
        if "started" not in answer:
            raise OSError(answer.get("refused", "the warm process did not start a stage"))
        return count

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
        try:
            return self._control.ask(order, ANSWER_TIMEOUT)
        except (OSError, ValueError):
            self.close()
            return {}

    @property
    def alive(self) -> bool:
        """Whether the process still runs and can be spoken to."""
        return self._control.connected

    def close(self) -> None:
        """Stop it, and every stage with it; idempotent."""
        self._control.close()
        with self._lock:
            ended, self._ended = self._ended, True
        if not ended:
            self._origin.end(self.number)
