"""How a process behind the walls is ended, and how it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass


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
            if -self.status == signal.SIGKILL:
                return "it was stopped, as happens to what uses too much memory"
            known = {item.value: item.name for item in signal.Signals}
            return f"it was stopped by the signal {known.get(-self.status, -self.status)}"
        return f"it ended by itself with exit status {self.status}"


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
