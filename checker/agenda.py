"""What is to be checked in a run, and what came of it: shared by the lanes that check."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checker.check import Check
from checker.events import Event
from checker.judging import skipped
from checker.report import CheckResult
from checker.stage.channel import Cancelled

Item = Event | CheckResult | Cancelled


@dataclass(eq=False)
class Entry:
    """One check of a run: its events as they happen, the last of them its result."""

    check: Check
    items: queue.SimpleQueue[Item] = field(default_factory=queue.SimpleQueue)
    begun: float | None = None
    lane: threading.Thread | None = None
    """Who checks it."""
    result: CheckResult | None = None
    held: CheckResult | None = None
    """Its result, if what it needs has none yet."""
    last: bool = False
    """Whether nothing was left to take after it."""
    abandoned: threading.Event = field(default_factory=threading.Event)
    """Set when it was begun early, and what it needs did not pass."""


class Agenda:
    """The checks of one run. Thread-safe.

    A lane that would have to wait begins a check early: whether it is run at all depends on what
    it needs, but nothing else does. Its result counts once what it needs has passed.
    """

    def __init__(self, checks: Sequence[Check]) -> None:
        """Begin with all of ``checks``, which are in page order."""
        self.entries = tuple(Entry(check) for check in checks)
        self._waiting = list(self.entries)
        self._results: dict[str, CheckResult] = {}
        self._lock = threading.Lock()

    def take(self) -> Entry | None:
        """Return the next check to be run or skipped; None at the end.

        That is one whose needs have results, else the first that is left.
        """
        with self._lock:
            ready = (entry for entry in self._waiting if not self._open_needs(entry.check))
            entry = next(ready, None) or next(iter(self._waiting), None)
            if entry is not None:
                self._waiting.remove(entry)
                entry.lane = threading.current_thread()
                entry.begun = time.monotonic()
                entry.last = not self._waiting
            return entry

    def unmet(self, check: Check) -> Check | None:
        """Return what ``check`` needs and did not pass, if there is such a thing by now."""
        with self._lock:
            return self._failed_need(check)

    def settle(self, entry: Entry, result: CheckResult) -> None:
        """Note what came of a check; only the first word counts."""
        with self._lock:
            if entry.result is not None:
                return
            failed = self._failed_need(entry.check)
            if failed is None and self._open_needs(entry.check):
                entry.held = entry.held or result
            else:
                self._finish(entry, skipped(entry.check, failed.title) if failed else result)

    def _finish(self, entry: Entry, result: CheckResult) -> None:
        entry.result = self._results[entry.check.name] = result
        entry.items.put(result)
        for other in self._begun_early(entry.check):
            if not result.passed:
                other.abandoned.set()
                self._finish(other, skipped(other.check, entry.check.title))
            elif other.held is not None and not self._open_needs(other.check):
                self._finish(other, other.held)

    def _begun_early(self, need: Check) -> Iterator[Entry]:
        for entry in self.entries:
            named = any(one.name == need.name for one in entry.check.needs)
            if named and entry.begun is not None and entry.result is None:
                yield entry

    def _open_needs(self, check: Check) -> list[Check]:
        return [need for need in check.needs if need.name not in self._results]

    def _failed_need(self, check: Check) -> Check | None:
        known = (need for need in check.needs if need.name in self._results)
        return next((need for need in known if not self._results[need.name].passed), None)

    def stop(self, why: Cancelled | None = None) -> None:
        """Let no further check begin; with ``why``, tell everyone who waits for a result."""
        with self._lock:
            self._waiting.clear()
            for entry in self.entries:
                if why is not None and entry.result is None:
                    entry.items.put(why)
