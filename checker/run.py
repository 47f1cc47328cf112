"""One submission through one lesson's checks, as a stream of events.

The terminal, the page, the batch and the tests all consume this stream.
"""

from __future__ import annotations

import queue
import threading
import time
import traceback
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from typing import ClassVar

from checker.app import App
from checker.check import Check, Failure
from checker.explain import explain
from checker.lesson import Lesson
from checker.link import Packet as LinkPacket
from checker.link import Watch
from checker.loading import Loader
from checker.report import (
    MESSAGE_SHOWN,
    CheckResult,
    Json,
    Outcome,
    SubmissionResult,
    bounded,
    trimmed,
)
from checker.source import Source
from checker.stage.channel import Cancelled
from checker.stage.pool import Pool
from checker.submission import Submission, SubmissionError
from checker.syntax import parse

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
    "result_of",
]

CHECK_SECONDS = 40.0
"""Wall seconds that all of one check may take, whatever it waits for."""


READING_SECONDS = 20.0
"""How much longer the judge may need to make sense of what it saw."""


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """A check that is going to run."""

    name: str
    title: str
    task: int
    max_points: int


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins; ``checks`` are in page order."""

    kind: ClassVar[str] = "run_started"
    lesson: str
    checks: tuple[CheckInfo, ...]

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        checks: list[Json] = [asdict(check) for check in self.checks]
        return {"kind": self.kind, "lesson": self.lesson, "checks": checks}


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check begins."""

    kind: ClassVar[str] = "check_started"
    name: str

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, "name": self.name}


@dataclass(frozen=True, slots=True)
class Output:
    """The learner's app printed something during a check."""

    kind: ClassVar[str] = "output"
    check: str
    text: str

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, "check": self.check, "text": self.text}


@dataclass(frozen=True, slots=True)
class Packet:
    """A Socket.IO event passed during a check: ``in`` to the app or ``out`` of it."""

    kind: ClassVar[str] = "packet"
    check: str
    direction: str
    namespace: str
    event: str | None
    data: Json

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check has its verdict."""

    kind: ClassVar[str] = "check_finished"
    result: CheckResult

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, "result": self.result.to_json()}


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The submission has its result; nothing follows."""

    kind: ClassVar[str] = "run_finished"
    result: SubmissionResult

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, "result": self.result.to_json()}


Event = RunStarted | CheckStarted | Output | Packet | CheckFinished | RunFinished


def check_submission(
    lesson: Lesson,
    submission: Submission,
    *,
    stage_pool: Pool,
    learner: str = "you",
    cancel: threading.Event | None = None,
) -> Iterator[Event]:
    """Run a lesson's checks on a submission and yield what happens, as it happens.

    The last event is `RunFinished`, whatever the submission does. Raises `Cancelled` once
    ``cancel`` is set.
    """
    return _Run(lesson, submission, stage_pool, learner, cancel).events()


def result_of(events: Iterator[Event]) -> SubmissionResult:
    """Consume a run and return its result."""
    result = None
    for event in events:
        if isinstance(event, RunFinished):
            result = event.result
    assert result is not None
    return result


class _Run:
    def __init__(
        self,
        lesson: Lesson,
        submission: Submission,
        pool: Pool,
        learner: str,
        cancel: threading.Event | None,
    ) -> None:
        self._lesson = lesson
        self._submission = submission
        self._pool = pool
        self._learner = learner
        self._cancel = cancel
        self._async_mode: str | None = None
        self._begun = time.monotonic()
        self._results: dict[str, CheckResult] = {}
        self._source = Source(submission.files, submission.entry)
        self._loader = self._new_loader()

    def _new_loader(self) -> Loader:
        return Loader(self._submission, self._pool, self._source, self._cancel)

    def events(self) -> Iterator[Event]:
        try:
            yield from self._events()
        finally:
            self._loader.close()

    def _events(self) -> Iterator[Event]:
        checks = self._lesson.checks()
        infos = tuple(CheckInfo(c.name, c.title, c.task, c.points) for c in checks)
        yield RunStarted(self._lesson.slug, infos)
        try:
            self._submission.require_entry()
            _require_syntax(self._submission, self._lesson.number)
        except SubmissionError as error:
            yield RunFinished(self._error(checks, str(error)))
            return
        for check in checks:
            yield CheckStarted(check.name)
            waits = [need.title for need in check.needs if not self._results[need.name].passed]
            if waits:
                result = _skipped(check, waits[0])
            else:
                result = yield from self._check(check)
            self._results[check.name] = result
            yield CheckFinished(result)
        yield RunFinished(self._finished(checks))

    def _check(self, check: Check) -> Generator[Event, None, CheckResult]:
        """Run one check in a thread of its own, so that events stream while it waits."""
        events: queue.SimpleQueue[Event | CheckResult | Cancelled] = queue.SimpleQueue()
        thread = threading.Thread(target=self._work, args=(check, events), daemon=True)
        thread.start()
        end = time.monotonic() + CHECK_SECONDS + READING_SECONDS
        while True:
            try:
                item = events.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:  # the judge itself is lost in what it reads; the thread is left
                self._loader = self._new_loader()
                return _lost(check)
            if isinstance(item, CheckResult):
                thread.join()
                return item
            if isinstance(item, Cancelled):
                thread.join()
                raise item
            yield item

    def _work(
        self, check: Check, events: queue.SimpleQueue[Event | CheckResult | Cancelled]
    ) -> None:
        begun = time.monotonic()

        def on_packet(packet: LinkPacket) -> None:
            events.put(
                Packet(
                    check.name,
                    packet.direction,
                    packet.namespace,
                    _readable(packet.event),
                    trimmed(packet.data),
                )
            )

        watch = Watch(self._lesson.number, self._submission.entry, begun + CHECK_SECONDS, on_packet)
        app = App(
            self._submission,
            self._pool,
            watch,
            self._cancel,
            lambda text: events.put(Output(check.name, text)),
            self._source,
            self._loader,
        )
        try:
            events.put(self._judge(check, app, begun))
        except Cancelled as cancelled:
            events.put(cancelled)
        finally:
            app.close()

    def _judge(self, check: Check, app: App, begun: float) -> CheckResult:
        failure: Failure | None = None
        outcome: Outcome = "passed"
        message = None
        try:
            check.function(app)
        except Failure as error:
            failure, outcome, message = error, error.outcome, error.message
        except Cancelled:
            raise
        except RecursionError:
            failure = Failure(
                "Your source is nested too deeply for the checker to read.",
                help="Break very long expressions into several lines, with a name for each part.",
            )
            outcome, message = "failed", failure.message
        except Exception as error:
            outcome, message = "broken", _broken(error)
        self._async_mode = self._async_mode or app.async_mode
        passed = outcome == "passed"
        return CheckResult(
            name=check.name,
            title=check.title,
            task=check.task,
            outcome=outcome,
            points=check.points if passed else 0,
            max_points=check.points,
            message=_readable(message),
            help=_readable(failure.help) if failure else None,
            line=failure.line if failure else None,
            expected=trimmed(failure.expected) if failure else None,
            observed=trimmed(failure.observed) if failure else None,
            output=_readable(bounded(app.output)) or "",
            seconds=time.monotonic() - begun,
        )

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

    def _finished(self, checks: tuple[Check, ...]) -> SubmissionResult:
        results = tuple(self._results[check.name] for check in checks)
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


def _skipped(check: Check, waits_for: str) -> CheckResult:
    return CheckResult(
        name=check.name,
        title=check.title,
        task=check.task,
        outcome="skipped",
        points=0,
        max_points=check.points,
        message=f"This waits for: {waits_for}",
    )


def _readable(text: str | None) -> str | None:
    """Bound a text and make it fit for UTF-8."""
    return bounded(text, MESSAGE_SHOWN).encode("utf-8", "replace").decode() if text else text


def _lost(check: Check) -> CheckResult:
    return CheckResult(
        name=check.name,
        title=check.title,
        task=check.task,
        outcome="timed_out",
        points=0,
        max_points=check.points,
        message="The checker could not make sense of your files in time.",
        help="Take out what your app does not need: very long lines, very large files.",
        seconds=CHECK_SECONDS + READING_SECONDS,
    )


def _broken(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return (
        "The checker itself failed here; this is our fault, not yours. "
        f"({type(error).__name__}: {bounded(str(error), 200)}, {frame.name}:{frame.lineno})"
    )


def _require_syntax(submission: Submission, lesson: int) -> None:
    """Raise SubmissionError when Python cannot compile the entry script."""
    source = submission.files[submission.entry]
    try:
        parse(source, submission.entry)
    except SyntaxError as error:
        line = f"line {error.lineno}" if error.lineno else "one line"
        code = (error.text or "").strip()
        quoted = f" The line is: {bounded(code, 100)}" if code else ""
        known = explain(f"SyntaxError: {error.msg}\n{code}", lesson=lesson)
        advice = f" {known.cause} {known.fix}" if known else ""
        raise SubmissionError(
            f"Python cannot read {submission.entry}: {error.msg} ({line}).{quoted}{advice}"
        ) from None
    except (RecursionError, MemoryError):
        raise SubmissionError(
            f"Python cannot read {submission.entry}: it is nested too deeply."
        ) from None
    except ValueError as error:
        raise SubmissionError(f"Python cannot read {submission.entry}: {error}.") from None
