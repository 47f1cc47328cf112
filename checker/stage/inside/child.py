"""A process that a driver started: waited for, and ended with all that it started."""

from __future__ import annotations

import os
import signal
import time

from . import ports


class Child:
    """One child process of this one."""

    def __init__(self, pid: int, walled: bool) -> None:
        """Take charge of ``pid``; walled, it is the first of its own process id namespace."""
        self.pid = pid
        self._walled = walled
        self._exit: int | None = None

    def wait(self, timeout: float) -> int | None:
        """Return the exit status once the child has ended (negative: the signal)."""
        end = time.monotonic() + timeout
        while self._exit is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self._exit = os.waitstatus_to_exitcode(status)
                self.ended()
            elif time.monotonic() >= end:
                return None
            else:
                time.sleep(0.005)
        return self._exit

    def ended(self) -> None:
        """Do what is to be done once the child has ended."""

    def stop(self) -> None:
        """Kill the child; its process id namespace takes its own children along."""
        if self._exit is None:
            if not self._walled:
                ports.kill_children(self.pid)
            os.kill(self.pid, signal.SIGKILL)
            self.wait(5)
