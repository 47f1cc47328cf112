"""One submission through one lesson's checks, as a stream of events.

The terminal, the page, the batch and the tests all consume this stream.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from checker.agenda import Agenda, Entry
from checker.app import App
from checker.check import Check
from checker.events import (
    CheckFinished,
    CheckInfo,
    CheckStarted,
    Event,
    Output,
    Packet,
    RunFinished,
    RunStarted,
)
from checker.judging import broken, judge, lost, readable, skipped
from checker.legible import require_syntax
from checker.lesson import Lesson
from checker.link import Packet as LinkPacket
from checker.link import Watch
from checker.loading import Imports, Loader
from checker.report import CheckResult, SubmissionResult, trimmed
from checker.source import Source
from checker.stage.channel import Cancelled, Flag
from checker.stage.lent import Lent
from checker.stage.pool import Pool
from checker.submission import Submission, SubmissionError

__all__ = [
    "Cancelled",
    "CheckFinished",
    "CheckInfo",
    "CheckStarted",
    "Event",
    "Output",
    "Packet",
    "Pool",
    "RunFinished",
    "RunStarted",
    "check_submission",
    "lanes_of",
    "result_of",
]

LANES, REAL_LANES = 2, 3
"""Checks at the same time where somebody waits for a run to end: one more where it waits for
real servers and their clients. See `lanes_of`."""
CHECK_SECONDS = 40.0
"""Wall seconds that all of one check may take, whatever it waits for."""
READING_SECONDS = 20.0
"""How much longer the judge may need to make sense of what it saw."""
LEAVING_SECONDS = 3.0
"""How long a run that ends early waits for its checks, which end as soon as they are told."""


def check_submission(
    lesson: Lesson,
    submission: Submission,
    *,
    stage_pool: Pool,
    learner: str = "you",
    cancel: threading.Event | None = None,
    lanes: int = 1,
) -> Iterator[Event]:
    """Run a lesson's checks on a submission and yield what happens, in page order.

    So many ``lanes`` check at the same time: one is enough for a batch, which keeps all
    processors busy anyway. The last event is `RunFinished`, whatever the submission does. Raises
    `Cancelled` once ``cancel`` is set.
    """
    return _Run(lesson, submission, stage_pool, learner, cancel, lanes).events()


def lanes_of(lesson: Lesson) -> int:
    """How many checks of a lesson to run at the same time where somebody waits for them."""
    return REAL_LANES if lesson.runs_scripts else LANES


def result_of(events: Iterator[Event]) -> SubmissionResult:
    """Consume a run and return its result."""
    result = None
    for event in events:
        if isinstance(event, RunFinished):
            result = event.result
    assert result is not None
    return result


@dataclass(frozen=True, slots=True)
class _Either:
    """A flag that is set once one of two is."""

    one: Flag
    other: Flag

    def is_set(self) -> bool:
        return self.one.is_set() or self.other.is_set()


class _Run:
    def __init__(
        self,
        lesson: Lesson,
        submission: Submission,
        pool: Pool,
        learner: str,
        cancel: threading.Event | None,
        lanes: int,
    ) -> None:
        self._lesson = lesson
        self._submission = submission
        self._pool = pool
        self._learner = learner
        # Whoever closes a run without a flag of their own ends what still runs in it.
        self._closed = threading.Event()
        self._cancel = cancel or self._closed
        self._most_lanes = lanes
        self._async_mode: str | None = None
        self._begun = time.monotonic()
        self._source = Source(submission.files, submission.entry)
        self._agenda = Agenda(())
        self._lent = Lent(pool)
        self._imports = Imports()
        self._lock = threading.Lock()
        self._lanes: list[threading.Thread] = []
        self._users: dict[Lent, int] = {}

    def events(self) -> Iterator[Event]:
        checks = self._lesson.checks()
        infos = tuple(CheckInfo(c.name, c.title, c.task, c.points) for c in checks)
        yield RunStarted(self._lesson.slug, infos)
        try:
            self._submission.require_entry()
            require_syntax(self._submission, self._lesson.taught)
        except SubmissionError as error:
            yield RunFinished(self._error(checks, str(error)))
            return
        self._agenda = Agenda(checks)
        for _ in range(max(1, min(self._most_lanes, len(checks)))):
            self._open_lane()
        try:
            for entry in self._agenda.entries:
                yield CheckStarted(entry.check.name)
                yield from self._follow(entry)
        except BaseException:  # closed, cancelled or interrupted: nobody waits for the rest
            self._closed.set()
            raise
        finally:
            self._leave()
        yield RunFinished(self._finished())

    def _leave(self) -> None:
        """Wait for the lanes; not for one in which the judge is lost, which keeps no process."""
        self._agenda.stop()
        end = time.monotonic() + LEAVING_SECONDS
        for lane in self._lanes:
            lane.join(max(0.0, end - time.monotonic()))
        with self._lock:
            left = [lent for lent, lanes in self._users.items() if lanes]
        for lent in left:
            lent.discard()

    def _follow(self, entry: Entry) -> Generator[Event, None, None]:
        """Yield what happens in a check, up to its result.

        Nothing of one that was begun, and skipped in the end.
        """
        if entry.result is not None and entry.result.outcome == "skipped":
            yield CheckFinished(entry.result)
            return
        while True:
            try:
                item = entry.items.get(timeout=1.0)
            except queue.Empty:
                self._give_up_on(entry)
                continue
            if isinstance(item, Cancelled):
                raise item
            if isinstance(item, CheckResult):
                yield CheckFinished(item)
                return
            yield item

    def _give_up_on(self, entry: Entry) -> None:
        """Leave a lane behind when the judge itself is lost in what it reads there.

        Another takes its place, with processes of its own; what other lanes check goes on.
        """
        seconds = CHECK_SECONDS + READING_SECONDS
        if entry.begun is not None and time.monotonic() > entry.begun + seconds:
            self._lanes = [lane for lane in self._lanes if lane is not entry.lane]
            self._lent = Lent(self._pool)
            self._agenda.settle(entry, lost(entry.check, seconds))
            self._open_lane()

    def _open_lane(self) -> None:
        lane = threading.Thread(target=self._run_lane, args=(self._lent,), daemon=True)
        with self._lock:
            self._users[self._lent] = self._users.get(self._lent, 0) + 1
        self._lanes.append(lane)
        lane.start()

    def _run_lane(self, lent: Lent) -> None:
        """Check one thing after the other; whoever leaves last gives the processes back."""
        loader = self._new_loader(lent)
        try:
            while (entry := self._agenda.take()) is not None:
                try:
                    self._work(entry, loader, lent)
                except Cancelled as cancelled:
                    if self._cancel.is_set() or not entry.abandoned.is_set():
                        self._agenda.stop(cancelled)
                except Exception as error:
                    self._agenda.settle(entry, broken(entry.check, error))
                    loader.close()
        finally:
            loader.close()
            with self._lock:
                self._users[lent] -= 1
                if not self._users[lent]:
                    lent.close()

    def _new_loader(self, lent: Lent) -> Loader:
        parts = (self._submission, lent, self._source, self._cancel, self._imports)
        return Loader(*parts)

    def _work(self, entry: Entry, loader: Loader, lent: Lent) -> None:
        """Run one check on an app of its own."""
        check = entry.check
        missing = self._agenda.unmet(check)
        if missing is not None:
            self._agenda.settle(entry, skipped(check, missing.title))
            return

        def on_packet(packet: LinkPacket) -> None:
            name, data = readable(packet.event), trimmed(packet.data)
            event = Packet(check.name, packet.direction, packet.namespace, name, data)
            entry.items.put(event)

        deadline = time.monotonic() + CHECK_SECONDS
        app = App(
            self._submission,
            self._pool,
            Watch(self._lesson.taught, self._submission.entry, deadline, on_packet),
            _Either(self._cancel, entry.abandoned),
            lambda text: entry.items.put(Output(check.name, text)),
            self._source,
            loader,
            lent,
            last=entry.last,
        )
        try:
            result = judge(check, app)
            self._async_mode = self._async_mode or app.async_mode
            self._agenda.settle(entry, result)
        finally:
            app.close()

    def _error(self, checks: tuple[Check, ...], message: str) -> SubmissionResult:
        return SubmissionResult(
            learner=self._learner,
            lesson=self._lesson.slug,
            status="error",
            points=0,
            max_points=sum(check.points for check in checks),
            message=message,
            seconds=time.monotonic() - self._begun,
        )

    def _finished(self) -> SubmissionResult:
        results = tuple(entry.result for entry in self._agenda.entries if entry.result is not None)
        return SubmissionResult(
            learner=self._learner,
            lesson=self._lesson.slug,
            status="passed" if all(result.passed for result in results) else "failed",
            points=sum(result.points for result in results),
            max_points=sum(result.max_points for result in results),
            async_mode=self._async_mode,
            seconds=time.monotonic() - self._begun,
            checks=results,
        )
