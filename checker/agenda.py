"""What is to be checked in a run, and what came of it: shared by the lanes that check."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from checker.check import Check
from checker.events import Event
from checker.report import CheckResult
from checker.stage.channel import Cancelled

Item = Event | CheckResult | Cancelled


@dataclass(eq=False)
class Entry:
    """One check of a run: its events as they happen, the last of them its result."""

    check: Check
    items: queue.SimpleQueue[Item] = field(default_factory=queue.SimpleQueue)
    begun: float | None = None
    result: CheckResult | None = None
    last: bool = False
    """Whether nothing was left to take after it."""


class Agenda:
    """The checks of one run. Thread-safe."""

    def __init__(self, checks: Sequence[Check]) -> None:
        """Begin with all of ``checks``, which are in page order."""
        self.entries = tuple(Entry(check) for check in checks)
        self._waiting = list(self.entries)
        self._results: dict[str, CheckResult] = {}
        self._changed = threading.Condition()

    def take(self) -> Entry | None:
        """Return the next check that can be run or skipped, once there is one; None at the end.

        That is one whose needs have results.
        """
        with self._changed:
            while self._waiting:
                for entry in self._waiting:
                    if all(need.name in self._results for need in entry.check.needs):
                        self._waiting.remove(entry)
                        entry.begun = time.monotonic()
                        entry.last = not self._waiting
                        return entry
                self._changed.wait()
            return None

    def unmet(self, check: Check) -> Check | None:
        """Return what ``check`` needs and did not pass, if there is such a thing."""
        with self._changed:
            missing = (need for need in check.needs if not self._results[need.name].passed)
            return next(missing, None)

    def settle(self, entry: Entry, result: CheckResult) -> None:
        """Note what came of a check; only the first word counts."""
        with self._changed:
            if entry.result is None:
                entry.result = self._results[entry.check.name] = result
                entry.items.put(result)
            self._changed.notify_all()

    def stop(self, why: Cancelled | None = None) -> None:
        """Let no further check begin; with ``why``, tell everyone who waits for a result."""
        with self._changed:
            self._waiting.clear()
            for entry in self.entries:
                if why is not None and entry.result is None:
                    entry.items.put(why)
            self._changed.notify_all()
