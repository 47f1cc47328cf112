"""One submission on its way through the checks, and the result it gets whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from checker.check import Check
from checker.formats import text
from checker.lesson import Lesson
from checker.report import CheckResult, Outcome, SubmissionResult
from checker.run import CheckFinished, Event, Pool, RunFinished
from checker.submission import Submission


class CheckOne(Protocol):
    """What checks one submission; `checker.run.check_submission` is one."""

    def __call__(
        self,
        lesson: Lesson,
        submission: Submission,
        *,
        stage_pool: Pool,
        learner: str = ...,
        cancel: threading.Event | None = ...,
    ) -> Iterator[Event]:
        """Yield the events of a run, `RunFinished` last."""


@dataclass(frozen=True, slots=True)
class Work:
    """A submission that must be graded; ``key`` hashes all that its result depends on."""

    learner: str
    lesson: Lesson
    submission: Submission
    key: str


class Marking:
    """Runs the checks and remembers what was seen, so that a result can be had at any time."""

    def __init__(self, work: Work, check: CheckOne, pool: Pool) -> None:
        self.work = work
        self._check = check
        self._pool = pool
        self._seen: dict[str, CheckResult] = {}
        self._finished: SubmissionResult | None = None

    def run(self, cancel: threading.Event) -> None:
        """Run all checks; raises whatever the checker raises, `Cancelled` when asked to stop."""
        events = self._check(
            self.work.lesson,
            self.work.submission,
            stage_pool=self._pool,
            learner=self.work.learner,
            cancel=cancel,
        )
        for event in events:
            if isinstance(event, CheckFinished):
                self._seen[event.result.name] = event.result
            elif isinstance(event, RunFinished):
                self._finished = event.result

    def result(self) -> SubmissionResult:
        """Return the result of a run that came to its end; one that did not is our fault."""
        return self._finished or self.broken("The checker ended without a result.")

    def stopped(self, seconds: float) -> SubmissionResult:
        """Return the result of a run that was cancelled because it took longer than ``seconds``."""
        if self._finished is not None:
            return self._finished
        results: list[CheckResult] = []
        outcome: Outcome = "timed_out"
        said = f"Your app was stopped here: all checks together may take {seconds:g} seconds."
        for check in self.work.lesson.checks():
            seen = self._seen.get(check.name)
            results.append(seen or _unfinished(check, outcome, said))
            if seen is None:
                outcome, said = "skipped", "Not run: the time for this submission was used up."
        return self._summed(results)

    def broken(self, reason: str) -> SubmissionResult:
        """Return the result of a run that we could not finish; no check counts."""
        said = "The checker itself failed here; this is our fault, not the learner's."
        message = f"{said} ({text.one_line(reason, 300)})"
        results = [_unfinished(check, "broken", said) for check in self.work.lesson.checks()]
        return self._summed(results, message)

    def _summed(self, results: list[CheckResult], message: str | None = None) -> SubmissionResult:
        return SubmissionResult(
            learner=self.work.learner,
            lesson=self.work.lesson.slug,
            status="error" if message else "failed",
            points=sum(result.points for result in results),
            max_points=sum(result.max_points for result in results),
            seconds=sum(result.seconds for result in results),
            message=message,
            checks=tuple(results),
        )


def _unfinished(check: Check, outcome: Outcome, message: str) -> CheckResult:
    return CheckResult(
        check.name, check.title, check.task, outcome, 0, check.points, message=message
    )
