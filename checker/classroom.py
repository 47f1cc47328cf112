"""A class as numbers: a row per learner, and what the checks say about all of them.

Results are added one at a time, in the order of learners and lessons, and then forgotten, so
that a class of any size fits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from checker.report import CheckResult, SubmissionResult

MAX_KINDS = 100
"""Distinct messages that are counted per check; rarer ones that come later are not."""
COMMONEST = 3
_VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")

Standing: TypeAlias = Literal["passed", "failed", "error", "ungraded"]


@dataclass(frozen=True, slots=True)
class Column:
    """One lesson of the gradebook. ``max_points`` is what its checks give together."""

    lesson: str
    title: str
    max_points: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One learner's result in one lesson; ``ungraded`` means that the fault is ours."""

    standing: Standing
    points: int
    max_points: int


@dataclass(frozen=True, slots=True)
class Row:
    """One learner: a cell per lesson handed in, and every problem as one sentence."""

    learner: str
    cells: dict[str, Cell] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    stuck: Stuck | None = None

    @property
    def points(self) -> int:
        """All points of this learner, without lessons that we could not grade."""
        return sum(c.points for c in self.cells.values() if c.standing != "ungraded")

    @property
    def passed(self) -> int:
        """How many lessons passed."""
        return sum(cell.standing == "passed" for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Stuck:
    """Where a learner stands: the first lesson, and in it the first check, that did not pass."""

    lesson: str
    check: str
    title: str


@dataclass(frozen=True, slots=True)
class Common:
    """One thing that went wrong often: an example of its message, its help, and how often."""

    message: str
    help: str
    count: int


@dataclass(frozen=True, slots=True)
class CheckCount:
    """One check over the class: how often it ran, and what it said when it did not pass."""

    lesson: str
    check: str
    title: str
    ran: int
    failed: int
    commonest: tuple[Common, ...]


@dataclass(frozen=True, slots=True)
class LessonCount:
    """One lesson over the class: hand-ins by their outcome."""

    column: Column
    handed_in: int
    passed: int
    failed: int
    error: int
    ungraded: int


@dataclass(frozen=True, slots=True)
class StuckAt:
    """All learners who stand at one check."""

    stuck: Stuck
    learners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classroom:
    """Everything that the gradebook and the index page show."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    lessons: tuple[LessonCount, ...]
    checks: tuple[CheckCount, ...]
    stuck: tuple[StuckAt, ...]

    @property
    def max_points(self) -> int:
        """What all lessons give together."""
        return sum(column.max_points for column in self.columns)

    def is_complete(self, row: Row) -> bool:
        """Whether a learner passed every lesson, with no problem left."""
        return row.passed == len(self.columns) and not row.problems


class Tally:
    """Counts results as they are added; `classroom` then says what they came to."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = tuple(columns)
        self._rows: dict[str, Row] = {}
        self._checks: dict[tuple[str, str], _Counter] = {}

    def add(self, result: SubmissionResult) -> None:
        """Count one result; the lessons of a learner come in the order of the course."""
        row = self._rows.setdefault(result.learner, Row(result.learner))
        standing = standing_of(result)
        if result.lesson:
            row.cells[result.lesson] = Cell(standing, result.points, result.max_points)
        if standing in ("error", "ungraded"):
            row.problems.append(_problem(result))
        if row.stuck is None and standing != "passed":
            self._rows[result.learner] = _stuck(row, result)
        if standing != "ungraded":
            for check in result.checks:
                self._count(result.lesson, check)

    def _count(self, lesson: str, check: CheckResult) -> None:
        if check.outcome in ("skipped", "broken"):
            return
        key = lesson, check.name
        counter = self._checks.setdefault(key, _Counter(lesson, check.name, check.title))
        counter.add(check)

    def classroom(self) -> Classroom:
        """Return the class as it stands."""
        rows = tuple(self._rows.values())
        counted = [counter.counted() for counter in self._checks.values() if counter.failed]
        checks = sorted(counted, key=lambda check: (-check.failed, check.lesson))
        lessons = tuple(_lesson(column, rows) for column in self._columns)
        return Classroom(self._columns, rows, lessons, tuple(checks), _stuck_at(rows))


def standing_of(result: SubmissionResult) -> Standing:
    """Return the status of a result, with our own faults told apart from the learner's."""
    if any(check.outcome == "broken" for check in result.checks):
        return "ungraded"
    return result.status


def _problem(result: SubmissionResult) -> str:
    broken = (check.message for check in result.checks if check.outcome == "broken")
    said = result.message or next(broken, None) or "No check could run."
    return f"{result.lesson}: {said}".removeprefix(": ")


class _Counter:
    def __init__(self, lesson: str, check: str, title: str) -> None:
        self._names = lesson, check, title
        self.ran = self.failed = 0
        self._kinds: dict[str, Common] = {}

    def add(self, check: CheckResult) -> None:
        self.ran += 1
        if check.passed:
            return
        self.failed += 1
        kind = check.help or _VARYING.sub("…", check.message or "")
        seen = self._kinds.get(kind)
        if seen is not None:
            self._kinds[kind] = Common(seen.message, seen.help, seen.count + 1)
        elif len(self._kinds) < MAX_KINDS:
            self._kinds[kind] = Common(check.message or "", check.help or "", 1)

    def counted(self) -> CheckCount:
        kinds = sorted(self._kinds.values(), key=lambda kind: -kind.count)
        return CheckCount(*self._names, self.ran, self.failed, tuple(kinds[:COMMONEST]))


def _stuck(row: Row, result: SubmissionResult) -> Row:
    first = result.first_failure
    where = ("", "No check could run.") if first is None else (first.name, first.title)
    stuck = Stuck(result.lesson, *where)
    return Row(row.learner, row.cells, row.problems, stuck)


def _lesson(column: Column, rows: Sequence[Row]) -> LessonCount:
    cells = [row.cells[column.lesson] for row in rows if column.lesson in row.cells]
    count = {
        kind: sum(cell.standing == kind for cell in cells)
        for kind in ("passed", "failed", "error", "ungraded")
    }
    return LessonCount(column, len(cells), **count)


def _stuck_at(rows: Sequence[Row]) -> tuple[StuckAt, ...]:
    """Group the learners by where they stand, the largest group first."""
    groups: dict[Stuck, list[str]] = {}
    for row in rows:
        if row.stuck is not None:
            groups.setdefault(row.stuck, []).append(row.learner)
    found = [StuckAt(stuck, tuple(learners)) for stuck, learners in groups.items()]
    return tuple(sorted(found, key=lambda at: (-len(at.learners), at.stuck.lesson, at.stuck.check)))
