"""The promises of a lesson folder, held to: what a teacher needs to know before a learner does.

An audit runs everything: solution, starter, every mistake (up to the check that catches it), every
accepted way, every code block and every prediction. It yields one `Finding` for each promise that
is broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from checker.blockrun import block_findings, program_output, start_problem
from checker.check import Failure
from checker.helptexts import help_texts
from checker.lesson import Course, CourseError, Lesson, Page, Question, Variant
from checker.report import CheckResult, SubmissionResult, bounded
from checker.run import CheckFinished, Event, RunFinished, check_submission, result_of
from checker.stage.pool import Pool
from checker.submission import Submission, SubmissionError

NONE_KNOWN: Mapping[str, str] = MappingProxyType({})
MISTAKES, ACCEPTED = 8, 5
"""How many variants a lesson has at least."""
NOT_AN_APP = "no_check_can_run"
"""A folder below mistakes/ for files on which no check can run (status ``error``)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise: where, and what is to be done, in one sentence."""

    where: str
    sentence: str


Job = Callable[[], list[Finding]]


def audit_course(
    course: Course,
    pool: Pool,
    *,
    jobs: int = 2,
    lessons: Iterable[Lesson] | None = None,
    known: Mapping[str, str] = NONE_KNOWN,
) -> Iterator[Finding]:
    """Audit ``lessons`` (default: the whole course with its pages), ``jobs`` at a time.

    ``known`` mistakes (``slug/check/name``) were seen caught by their check already, with the help
    text that stands there; they are not run again.
    """
    chosen = course.lessons if lessons is None else lessons
    audits = [LessonAudit(item, pool, known=known) for item in chosen]
    work = [job for audit in audits for job in audit.jobs()]
    if lessons is None:
        work += _page_jobs(course, pool)
    yield from _done(work, jobs)
    for audit in audits:
        yield from _safely(audit.help_texts)


def audit_pages(course: Course, pool: Pool, *, jobs: int = 2) -> Iterator[Finding]:
    """Audit the pages that are no lessons: their programs, and what these print."""
    yield from _done(_page_jobs(course, pool), jobs)


def _page_jobs(course: Course, pool: Pool) -> list[Job]:
    work: list[Job] = []
    for page in course.pages:
        work += _prose_jobs(f"pages/{page.slug}.md", page, pool)
    for page in course.mode_pages:
        work += _prose_jobs(f"modes/{page.slug}/{page.slug}.md", page, pool)
    return work


def _done(work: list[Job], jobs: int) -> Iterator[Finding]:
    with ThreadPoolExecutor(jobs) as threads:
        for findings in threads.map(_safely, work):
            yield from findings


def _safely(job: Job) -> list[Finding]:
    try:
        return job()
    except (CourseError, SubmissionError) as error:
        return [Finding("course", str(error))]


class LessonAudit:
    """One lesson's audit, in pieces that may run at the same time."""

    def __init__(
        self,
        lesson: Lesson,
        pool: Pool,
        *,
        mistakes: int = MISTAKES,
        accepted: int = ACCEPTED,
        known: Mapping[str, str] = NONE_KNOWN,
    ) -> None:
        """Audit ``lesson`` with stages of ``pool``; so many variants it must have at least.

        For ``known`` see `audit_course`.
        """
        self._known = known
        self._lesson = lesson
        self._least = mistakes, accepted
        self._pool = pool
        self._shown: list[str] = []

    def jobs(self) -> list[Job]:
        """Return the pieces, the slow ones first."""
        lesson, pool = self._lesson, self._pool
        return [
            lambda: _must_pass(lesson, "solution", lesson.solution(), pool),
            lambda: _starter(lesson, pool),
            *(partial(self._mistake, variant) for variant in lesson.mistakes()),
            *(partial(self._accepted, variant) for variant in lesson.accepted()),
            lambda: _counted(lesson, *self._least),
            lambda: _agreement(lesson),
            lambda: _vocabulary(lesson),
            *_prose_jobs(f"{lesson.slug}/lesson.md", lesson, pool),
        ]

    def help_texts(self) -> list[Finding]:
        """Say which help texts no mistake has shown; to be asked when all `jobs` are done."""
        return [
            Finding(
                f"{self._lesson.slug}/{help.file}",
                f"No mistake shows this help text: {bounded(help.text, 120)}",
            )
            for help in help_texts(self._lesson)
            if not any(help.pattern.fullmatch(shown) for shown in self._shown)
        ]

    def _accepted(self, variant: Variant) -> list[Finding]:
        name = f"accepted/{variant.name}"
        return _must_pass(self._lesson, name, dict(variant.files), self._pool)

    def _mistake(self, variant: Variant) -> list[Finding]:
        help = self._known.get(f"{self._lesson.slug}/{variant.check}/{variant.name}")
        if help is not None:
            self._shown.append(help)
            return []
        submission = Submission.from_files(variant.files)
        events = check_submission(self._lesson, submission, stage_pool=self._pool)
        first = _first_that_fails(events)
        if isinstance(first, CheckResult) and first.help:
            self._shown.append(first.help)
        return _caught(self._lesson, variant, first)


def _first_that_fails(events: Iterator[Event]) -> CheckResult | SubmissionResult:
    """Return the first check that does not pass, without running the rest; else the result."""
    for event in events:
        if isinstance(event, CheckFinished) and not event.result.passed:
            return event.result
        if isinstance(event, RunFinished):
            return event.result
    raise AssertionError("a run ends with RunFinished")


def _prose_jobs(where: str, page: Page | Lesson, pool: Pool) -> list[Job]:
    def predictions() -> list[Finding]:
        found = [_prediction(where, question, pool) for question in page.questions]
        return [finding for finding in found if finding]

    def code() -> list[Finding]:
        return [Finding(where, sentence) for sentence in block_findings(page.prose, pool)]

    return [code, predictions]


def _check(lesson: Lesson, files: dict[str, bytes], pool: Pool) -> SubmissionResult:
    submission = Submission.from_files(files)
    return result_of(check_submission(lesson, submission, stage_pool=pool))


def _must_pass(lesson: Lesson, name: str, files: dict[str, bytes], pool: Pool) -> list[Finding]:
    result = _check(lesson, files, pool)
    if result.status == "passed":
        return []
    failure = result.first_failure
    why = f"{failure.name}: {failure.message}" if failure else str(result.message)
    return [Finding(f"{lesson.slug}/{name}", f"It must pass, but {bounded(why, 300)}")]


def _starter(lesson: Lesson, pool: Pool) -> list[Finding]:
    where = f"{lesson.slug}/starter"
    files = lesson.starter()
    findings = [
        Finding(where, f"lesson.toml opens {name}, which is not there.")
        for name in lesson.open_files
        if name not in files
    ]
    result = _check(lesson, files, pool)
    if result.status == "passed":
        findings.append(Finding(where, "It passes all checks already; leave something to do."))
    broken = [check for check in result.checks if check.outcome == "broken"]
    findings += [Finding(where, f"{check.name}: {check.message}") for check in broken]
    problem = start_problem(files, pool)
    if problem:
        findings.append(Finding(where, f"It must run as it stands, but {problem}"))
    return findings


def _caught(
    lesson: Lesson, variant: Variant, first: CheckResult | SubmissionResult
) -> list[Finding]:
    where = f"{lesson.slug}/mistakes/{variant.check}/{variant.name}"
    if isinstance(first, SubmissionResult):
        if first.status == "passed":
            return [Finding(where, "It passes; a check must catch it.")]
        if variant.check == NOT_AN_APP:
            return []
        return [Finding(where, f"No check can run on it: {first.message}")]
    if first.outcome == "broken":
        return [Finding(where, f"{first.name}: {first.message}")]
    if first.name != variant.check:
        sentence = f"{first.name} catches it first, saying: {bounded(str(first.message), 200)}"
        return [Finding(where, sentence)]
    return [] if first.help else [Finding(where, "It is caught without a help text.")]


def _counted(lesson: Lesson, least_mistakes: int, least_accepted: int) -> list[Finding]:
    findings = []
    variants = lesson.mistakes()
    accepted = len(lesson.accepted())
    if len(variants) < least_mistakes:
        sentence = f"There are {len(variants)} mistakes; at least {least_mistakes} are needed."
        findings.append(Finding(f"{lesson.slug}/mistakes", sentence))
    if accepted < least_accepted:
        sentence = f"There are {accepted} accepted ways; at least {least_accepted} are needed."
        findings.append(Finding(f"{lesson.slug}/accepted", sentence))
    known = {check.name for check in lesson.checks()}
    filed = {str(variant.check) for variant in variants}
    for name in sorted(known - filed):
        sentence = f"No mistake is filed under {name}; a check that nothing fails proves nothing."
        findings.append(Finding(f"{lesson.slug}/mistakes", sentence))
    for name in sorted(filed - known - {NOT_AN_APP}):
        findings.append(Finding(f"{lesson.slug}/mistakes", f"There is no check called {name}."))
    return findings


def _agreement(lesson: Lesson) -> list[Finding]:
    findings = []
    tasks = {task.number for task in lesson.tasks}
    checked = {check.task for check in lesson.checks()}
    for number in sorted(tasks - checked):
        findings.append(Finding(f"{lesson.slug}/checks.py", f"No check belongs to task {number}."))
    for number in sorted(lesson.hints.keys() - tasks):
        findings.append(Finding(f"{lesson.slug}/hints.md", f"There is no task {number}."))
    for number in sorted(tasks):
        rungs = lesson.hints.get(number, ())
        if not 2 <= len(rungs) <= 4 or not all(rungs):
            sentence = f"Task {number} has {len(rungs)} hints; two to four are needed."
            findings.append(Finding(f"{lesson.slug}/hints.md", sentence))
    return findings


def _vocabulary(lesson: Lesson) -> list[Finding]:
    """Words that the course has not taught yet must not be needed to understand this lesson."""
    texts = {
        "lesson.md": lesson.prose,
        "hints.md": "\n".join(rung for rungs in lesson.hints.values() for rung in rungs),
    }
    for help in help_texts(lesson):
        texts[help.file] = f"{texts.get(help.file, '')}\n{help.text}"
    return [
        Finding(f"{lesson.slug}/{name}", f"It uses {word!r}, which is not taught yet.")
        for name, text in texts.items()
        for word in lesson.not_yet
        if re.search(rf"\b{re.escape(word)}s?\b", text, re.I)
    ]


def _prediction(where: str, question: Question, pool: Pool) -> Finding | None:
    if question.program is None:
        return None
    try:
        printed = program_output(question.program, pool).strip()
    except Failure as failure:
        return Finding(where, f"{question.id}: {failure.message}")
    if printed == question.right.text.strip():
        return None
    sentence = (
        f"{question.id}: the program prints {bounded(printed, 200)!r}, "
        f"but the right choice says {question.right.text!r}."
    )
    return Finding(where, sentence)
