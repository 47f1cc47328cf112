"""Grade a class: every hand-in through its checks, a journal on the way, the reports at the end.

A run that was interrupted, by Ctrl-C or by the machine, goes on where it stopped: what is in the
journal under the same conditions is not graded again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from checker.classroom import Classroom, Standing, standing_of
from checker.formats.quote import quotes
from checker.grading import fingerprint
from checker.grading.crew import Crew, Task, at_a_time
from checker.grading.intake import Handin, Intake, read_class
from checker.grading.journal import Entry, Journal, JournalBusy
from checker.grading.marking import CheckOne, Marking, Work
from checker.grading.reports import Options, Reports, column_of
from checker.lesson import Course, Lesson
from checker.report import SubmissionResult
from checker.run import Pool, check_submission
from checker.stage.sandbox import SandboxError
from checker.submission import SubmissionError

JOURNAL = "journal.jsonl"
SECONDS_PER_SUBMISSION = 90.0
"""Wall seconds that all checks of one submission may take together."""
MANY = 60
"""Submissions from which it pays to get ready for many."""
NO_WALLS = "process"
_TRY_AGAIN = "try again"


class GradeError(Exception):
    """Grading cannot be done, or not now. The text is one sentence that says why."""


class GradeInterrupted(GradeError):
    """The run was stopped by hand; everything finished is kept."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is. ``seconds_left`` is an estimate, None while there is nothing to go by.

    ``status`` says how the submission ended that was finished last.
    """

    done: int
    total: int
    reused: int
    learner: str
    lesson: str
    status: Standing
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Graded:
    """What a run came to.

    ``ignored`` names files in the folder that are nobody's hand-in, ``unmatched`` the learners
    whom the roster does not have; ``alike`` counts what the pages on alike hand-ins show.
    """

    out: Path
    classroom: Classroom
    graded: int
    reused: int
    ignored: tuple[str, ...]
    sandbox: str = ""
    unmatched: tuple[str, ...] = ()
    alike: int | None = None

    @property
    def all_passed(self) -> bool:
        """Whether everything that was handed in passed."""
        rows = self.classroom.rows
        cells = [cell for row in rows for cell in row.cells.values()]
        return not any(row.problems for row in rows) and all(
            cell.standing == "passed" for cell in cells
        )


def grade(
    directory: Path,
    out: Path,
    *,
    course: Course,
    lesson: Lesson | None = None,
    jobs: int | None = None,
    pool_factory: Callable[[], AbstractContextManager[Pool]] = Pool.open,
    check: CheckOne = check_submission,
    limit: float = SECONDS_PER_SUBMISSION,
    allow_unsafe: bool = False,
    options: Options | None = None,
    progress: Callable[[Step], None] | None = None,
    notice: Callable[[str], None] | None = None,
) -> Graded:
    """Grade every hand-in in ``directory`` and write gradebook, report and pages to ``out``.

    ``lesson`` grades only that lesson; ``jobs`` is the number of submissions at a time (default:
    `at_a_time`); ``limit`` is in seconds per submission. Without ``allow_unsafe`` a machine
    that offers no sandbox is refused. ``progress`` hears of each submission, ``notice`` of what
    else there is to say, in sentences. Raises GradeError; after GradeInterrupted the same call
    goes on from there.
    """
    say, options = notice or (lambda _: None), options or Options()
    intake = _intake(directory, out, course, lesson)
    lessons = course.lessons if lesson is None else (lesson,)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with Journal(out / JOURNAL) as journal, pool_factory() as pool:
            _require_walls(pool, allow_unsafe, say)
            if len(intake.handins) >= MANY:
                pool.expect_many("app")
            run = _Run(intake, lessons, journal, pool, limit)
            run.work(check, jobs or at_a_time(), progress or (lambda _: None))
            reports = Reports(out, lessons, pool.versions, pool.sandbox, say)
            return run.finish(reports, options)
    except KeyboardInterrupt:
        raise GradeInterrupted(
            "Stopped; what is finished is kept. Give the same command again to go on from here."
        ) from None
    except SandboxError as error:
        raise GradeError(str(error)) from None
    except JournalBusy:
        raise GradeError(f"Another `course grade` is writing to {out}; wait for it.") from None
    except OSError as error:
        where = error.filename or out
        raise GradeError(f"{where} cannot be used: {error.strerror or error}.") from error


def _intake(directory: Path, out: Path, course: Course, only: Lesson | None) -> Intake:
    if not directory.is_dir():
        raise GradeError(f"{directory} is not a folder; name the one that holds the submissions.")
    if out.resolve().is_relative_to(directory.resolve()):
        raise GradeError(f"{out} lies in {directory}; choose a folder outside for the results.")
    try:
        intake = read_class(directory, course.lessons, only=only)
    except OSError as error:
        raise GradeError(f"{directory} cannot be read: {error.strerror}.") from None
    if not intake.handins:
        raise GradeError(f"{directory} holds no submissions: a folder or a .zip for each learner.")
    return intake


def _require_walls(pool: Pool, allow_unsafe: bool, say: Callable[[str], None]) -> None:
    if pool.sandbox != NO_WALLS:
        return
    if not allow_unsafe:
        raise GradeError(
            "This machine offers no sandbox, so a submission could read and change your files; "
            "to grade anyway, say --allow-unsafe (`course doctor` tells what is missing)."
        )
    say(
        "There is no sandbox: what you grade runs with your rights, and can read and change your "
        "files. Every report says so."
    )


class _Run:
    """One run: what is handed in, what is finished, and what is still to do."""

    def __init__(
        self,
        intake: Intake,
        lessons: Sequence[Lesson],
        journal: Journal,
        pool: Pool,
        limit: float,
    ) -> None:
        self._intake = intake
        self._lessons = {lesson.slug: lesson for lesson in lessons}
        self._points = {lesson.slug: column_of(lesson).max_points for lesson in lessons}
        self._checks = {slug: fingerprint.of_lesson(item) for slug, item in self._lessons.items()}
        self._journal = journal
        self._pool = pool
        self._limit = limit
        self._refused: dict[tuple[str, str], SubmissionResult] = {}
        self._reused = self._graded = 0
        self._begun = 0.0
        self._conditions = {
            "checker": fingerprint.of_engine(),
            "versions": dict(pool.versions),
            "sandbox": pool.sandbox,
            "seconds_per_submission": limit,
        }

    def work(self, check: CheckOne, jobs: int, progress: Callable[[Step], None]) -> None:
        """Grade what the journal does not have yet; raises GradeInterrupted, OSError."""
        self._journal.begin({**self._conditions, "course": self._checks})
        self._progress = progress
        crew = Crew[Marking](lambda task: task.job.run(task.cancel), jobs, limit=self._limit)
        markings = (Marking(work, check, self._pool) for work in self._to_do())
        try:
            for batch in crew.run(markings):
                self._keep(batch)
        except KeyboardInterrupt:
            raise GradeInterrupted(
                f"Stopped after {self._done} of {len(self._intake.handins)}; they are kept. "
                "Give the same command again to go on from here."
            ) from None

    @property
    def _done(self) -> int:
        return self._graded + self._reused + len(self._refused)

    def _to_do(self) -> Iterator[Work]:
        """Yield what must be graded; what is known or cannot be read is settled on the way."""
        for handin in self._intake.handins:
            try:
                work = self._read(handin)
            except SubmissionError as error:
                result = self._error(handin, str(error))
                self._refused[handin.learner, handin.lesson] = result
                self._tell(result)
                continue
            if self._journal.has(work.learner, work.lesson.slug, work.key):
                self._reused += 1
                self._tell(self._journal.read(work.learner, work.lesson.slug).result)
            else:
                self._begun = self._begun or time.monotonic()
                yield work

    def _read(self, handin: Handin) -> Work:
        submission = handin.read()
        parts = [self._conditions, self._checks[handin.lesson]]
        key = fingerprint.of_value([*parts, fingerprint.of_files(submission.files)])
        return Work(handin.learner, self._lessons[handin.lesson], submission, key)

    def _error(self, handin: Handin, sentence: str) -> SubmissionResult:
        points = self._points.get(handin.lesson, 0)
        return SubmissionResult(handin.learner, handin.lesson, "error", 0, points, message=sentence)

    def _keep(self, batch: list[Task[Marking]]) -> None:
        entries = [self._entry(task) for task in batch]
        self._journal.write(entries)
        for entry in entries:
            self._graded += 1
            self._tell(entry.result)

    def _entry(self, task: Task[Marking]) -> Entry:
        """Return a task's result for the journal. One that is our fault is tried again."""
        marking, work = task.job, task.job.work
        if task.lost:
            result = marking.broken("It did not stop when its time was up.")
        elif task.late:
            result = marking.stopped(self._limit)
        elif task.error is not None:
            result = marking.broken(f"{type(task.error).__name__}: {task.error}")
        else:
            result = marking.result()
        key = _TRY_AGAIN if standing_of(result) == "ungraded" else work.key
        return Entry(key, result, quotes(result.checks, work.submission.files))

    def _tell(self, result: SubmissionResult) -> None:
        total, done = len(self._intake.handins), self._done
        left = None
        if self._graded:
            left = (time.monotonic() - self._begun) / self._graded * (total - done)
        standing = standing_of(result)
        step = Step(done, total, self._reused, result.learner, result.lesson, standing, left)
        self._progress(step)

    def _entries(self) -> Iterator[Entry]:
        """Yield all results, by learner and then in the order of the course."""
        for handin in self._intake.handins:
            refused = self._refused.get((handin.learner, handin.lesson))
            if refused is not None:
                yield Entry("", refused, {})
            else:
                yield self._journal.read(handin.learner, handin.lesson)

    def finish(self, reports: Reports, options: Options) -> Graded:
        """Write the reports; raises OSError."""
        handins = self._intake.handins
        written = reports.write(self._entries, handins, options)
        graded = [h for h in handins if (h.learner, h.lesson) not in self._refused]
        self._journal.compact([(handin.learner, handin.lesson) for handin in graded])
        return Graded(
            reports.out,
            written.classroom,
            self._graded,
            self._reused,
            self._intake.ignored,
            sandbox=self._pool.sandbox,
            unmatched=written.unmatched,
            alike=written.alike,
        )
