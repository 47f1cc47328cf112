"""Checks that run: a bounded number at once, one for each learner, watched while they go."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from checker.lesson import Lesson
from checker.report import Json, SubmissionResult
from checker.run import Cancelled, Event, RunFinished
from checker.submission import Submission

State = Literal["waiting", "running", "finished", "cancelled", "broken"]
Check: TypeAlias = Callable[[Lesson, Submission, threading.Event], Iterator[Event]]
OUTPUTS_KEPT = 500
"""Events of a run after which what an app prints is left to its check's result."""
RUNS_KEPT = 300
HIDDEN = frozenset({"packet"})
"""Kinds of event that the page has no use for."""

log = logging.getLogger(__name__)


class TooMany(RuntimeError):
    """All places are taken and the queue is full; the message is for the learner."""


@dataclass(eq=False, slots=True)
class Run:
    """One run of a lesson's checks. ``events`` are JSON objects, in order, each with a number."""

    learner: int
    lesson: Lesson
    submission: Submission
    seal: str
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    state: State = "waiting"
    events: list[dict[str, Json]] = field(default_factory=list)
    cancel: threading.Event = field(default_factory=threading.Event)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in ("waiting", "running")


class Watcher:
    """What happens with a run's news.

    Each method is called from the run's own thread; that a run is over which has not begun is told
    by whoever ends it.
    """

    def happened(self, run: Run, number: int, event: Mapping[str, Json]) -> None:
        """Pass on event ``number`` of a run."""

    def finished(self, run: Run, result: SubmissionResult) -> None:
        """Keep the result of a run, before anyone hears that it is over."""


class Runs:
    """The runs of all learners. A learner's new run takes the place of their old one."""

    def __init__(self, check: Check, watcher: Watcher, at_once: int, waiting: int) -> None:
        self._check, self._watcher, self._most_waiting = check, watcher, waiting
        self._latest: dict[int, Run] = {}
        self._queue: deque[Run] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"run-{number}", daemon=True)
            for number in range(at_once)
        ]
        for thread in self._threads:
            thread.start()

    def start(self, learner: int, lesson: Lesson, submission: Submission, seal: str) -> Run:
        """Queue a run, and cancel the learner's earlier one; raises TooMany."""
        run = Run(learner, lesson, submission, seal)
        with self._changed:
            self._drop(learner)
            if len(self._queue) >= self._most_waiting:
                raise TooMany("Many checks are waiting already. Try again in a few seconds.")
            self._latest[learner] = run
            self._queue.append(run)
            self._changed.notify()
            self._forget_old()
        return run

    def latest(self, learner: int, lesson: Lesson) -> Run | None:
        """Return the learner's newest run, if it was for this lesson."""
        run = self._latest.get(learner)
        return run if run is not None and run.lesson.slug == lesson.slug else None

    def stop(self, learner: int) -> None:
        """Cancel the learner's run, if there is one."""
        with self._changed:
            self._drop(learner)

    def close(self, timeout: float = 5.0) -> None:
        """Cancel all runs and end the threads."""
        with self._changed:
            self._closed = True
            for run in self._latest.values():
                run.cancel.set()
            self._queue.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout)

    def _drop(self, learner: int) -> None:
        run = self._latest.pop(learner, None)
        if run is None or run.over:
            return
        run.cancel.set()
        if run.state == "waiting":
            self._queue.remove(run)
            self._end(run, "cancelled")

    def _forget_old(self) -> None:
        """Drop the oldest runs that are over: their results are in the store."""
        over = [learner for learner, run in self._latest.items() if run.over]
        for learner in over[: max(0, len(self._latest) - RUNS_KEPT)]:
            del self._latest[learner]

    def _work(self) -> None:
        while (run := self._next()) is not None:
            try:
                self._carry_out(run)
            except Exception:
                log.exception("A run of %s broke.", run.lesson.slug)
                self._end(run, "broken")

    def _next(self) -> Run | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            if self._closed:
                return None
            run = self._queue.popleft()
            run.state = "running"
            return run

    def _carry_out(self, run: Run) -> None:
        try:
            for event in self._check(run.lesson, run.submission, run.cancel):
                if isinstance(event, RunFinished):
                    self._watcher.finished(run, event.result)
                    run.state = "finished"
                if event.kind not in HIDDEN:
                    self._tell(run, event.to_json())
        except Cancelled:
            self._end(run, "cancelled")

    def _end(self, run: Run, state: State) -> None:
        run.state = state
        # A server that stops says nothing: its pages ask again once there is a new one.
        if not self._closed:
            self._tell(run, {"kind": "run_ended", "state": state})

    def _tell(self, run: Run, event: dict[str, Json]) -> None:
        if event["kind"] == "output" and len(run.events) >= OUTPUTS_KEPT:
            return
        if event["kind"] != "run_started":
            self._pass_on(run, event)
            return
        with self._changed:  # a page follows what starts, so nothing older may start after it
            if not run.cancel.is_set():
                self._pass_on(run, event)

    def _pass_on(self, run: Run, event: dict[str, Json]) -> None:
        run.events.append(event)
        self._watcher.happened(run, len(run.events) - 1, event)
