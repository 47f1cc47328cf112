"""Our checker on one submission: each lesson, warm and cold, and from the shell."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.lesson import Lesson
from checker.run import CheckFinished, Pool, check_submission
from tests.benchmarks.floors import import_once
from tests.benchmarks.measure import (
    Command,
    CommandFailed,
    Times,
    environment,
    in_turn,
    paired,
    run,
    say,
)
from tests.benchmarks.submissions import Program, mixed, solutions
from tests.benchmarks.table import Cell, Findings, Ratio, Table

COURSE = Path(sys.executable).with_name("course")
FOURTH = 4
REAL_RUNS = (5, 6, 7)
"""Lessons whose scripts run as their user runs them."""


def check_one(lesson: Lesson, program: Program, pool: Pool) -> tuple[float, float]:
    """Check and return the seconds to the first result and to the last."""
    begun = time.perf_counter()
    first, failure = None, None
    for event in check_submission(lesson, program.submission(), stage_pool=pool):
        if isinstance(event, CheckFinished):
            first = first or time.perf_counter() - begun
            failure = failure or (None if event.result.passed else event.result)
    total = time.perf_counter() - begun
    if (failure is None) != program.passes:
        said = f"{failure.name}: {failure.message}" if failure else "it passed"
        raise CommandFailed(f"Lesson {lesson.number}, {program.kind} got another verdict: {said}")
    return first or total, total


def _new_pool(lesson: Lesson, program: Program) -> tuple[float, float]:
    begun = time.perf_counter()
    with Pool.open() as pool:
        opened = time.perf_counter() - begun
        first, total = check_one(lesson, program, pool)
    return opened + first, opened + total


def _new_process(lesson: Lesson, home: Path, work: Path) -> tuple[float, float]:
    """Run ``course check`` and return when its first result came, and its end."""
    command = [str(COURSE), "check", str(lesson.number), str(home)]
    begun = time.perf_counter()
    first, lost = None, b""
    with subprocess.Popen(command, cwd=work, env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if re.search(rb" \d+/\d+\s*$", line):
                first = first or time.perf_counter() - begun
                lost = lost or (line if re.search(rb" 0/\d+\s*$", line) else b"")
    total = time.perf_counter() - begun
    if process.returncode:
        raise CommandFailed(f"course check {lesson.number}: {lost.decode().strip() or 'no result'}")
    return first or total, total


@dataclass(frozen=True)
class Figures:
    """One lesson's times: to the first result, and to the last."""

    warm: tuple[Times, Times]
    new_pool: tuple[Times, Times]
    new_process: tuple[Times, Times]

    def cells(self) -> list[Cell]:
        """Return median, 90th percentile and first result of each, in milliseconds."""
        return [
            1000 * value
            for first, total in (self.warm, self.new_pool, self.new_process)
            for value in (total.median, total.p90, first.median)
        ]


def each_lesson(lessons: Sequence[Lesson], work: Path, warm: int, cold: int) -> Findings:
    """Measure one submission of each lesson: warm, in a new pool, in a new process."""
    ratios: list[Ratio] = []
    rows: list[tuple[Cell, ...]] = []
    notes = [
        "median, 90th percentile, and until the first check has its verdict, in ms; sandbox on",
        "pool: a new pool in this process; shell: `course check` in a new process",
        f"warm: {warm} submissions (lessons 5 to 7: {max(3, warm // 4)}); new: {cold} each",
    ]
    for lesson in lessons:
        say(f"lesson {lesson.number}")
        try:
            figures = _figures(lesson, work, warm, cold)
        except CommandFailed as error:
            notes.append(f"lesson {lesson.number} not measured: {error}")
            continue
        rows.append((str(lesson.number), len(lesson.checks()), *figures.cells()))
        ratios += _asked(lesson, figures)
    columns = tuple(
        f"{where} {what}" for where in ("warm", "pool", "shell") for what in ("ms", "p90", "first")
    )
    title = "One submission (the solution), all checks of the lesson"
    return Findings(
        ratios, [Table(title, ("lesson", "checks", *columns), tuple(rows), tuple(notes))]
    )


def _figures(lesson: Lesson, work: Path, warm: int, cold: int) -> Figures:
    count = warm if lesson.number not in REAL_RUNS else max(3, warm // 4)
    programs = solutions(lesson, count + 2)
    home = programs[0].write(work / f"lesson{lesson.number}")
    with Pool.open() as pool:
        warmed = [check_one(lesson, program, pool) for program in programs][2:]
    return Figures(
        _times(warmed),
        _times([_new_pool(lesson, program) for program in programs[:cold]]),
        _times([_new_process(lesson, home, work) for _ in range(cold)]),
    )


def _times(pairs: Sequence[tuple[float, float]]) -> tuple[Times, Times]:
    return Times(tuple(first for first, _ in pairs)), Times(tuple(total for _, total in pairs))


def _asked(lesson: Lesson, figures: Figures) -> list[Ratio]:
    if lesson.number == FOURTH:
        first, total = figures.warm
        return [
            Ratio("lesson 4, warm: median", 1000 * total.median, "ms", 100),
            Ratio("lesson 4, warm: first result", 1000 * first.median, "ms", 40),
        ]
    if lesson.number in REAL_RUNS:
        seconds = figures.new_process[1].median
        return [Ratio(f"lesson {lesson.number}, new process", seconds, "s", 2)]
    return []


def mixed_warm(lesson: Lesson, count: int) -> Findings:
    """Measure the mixed submissions one after the other in one pool."""
    say(f"{count} mixed submissions of lesson {lesson.number}, warm, one after the other")
    programs = mixed(lesson, count)
    with Pool.open() as pool:
        check_one(lesson, programs[0], pool)
        pairs = [check_one(lesson, program, pool) for program in programs]
    rows: list[tuple[Cell, ...]] = []
    for name, passes in (("right ones", True), ("mistakes", False)):
        chosen = [
            (pair, one) for pair, one in zip(pairs, programs, strict=True) if one.passes is passes
        ]
        firsts, totals = _times([pair for pair, _ in chosen])
        longest, slowest = max(chosen, key=lambda item: item[0][1])
        figures = (totals.median, totals.p90, firsts.median, longest[1])
        rows.append((name, len(chosen), *(1000 * value for value in figures), slowest.kind))
    columns = ("", "number", "median ms", "p90 ms", "first ms", "longest ms", "which is")
    title = f"Mixed submissions of lesson {lesson.number}, warm, one after the other"
    note = "a mistake is waited for: 0.5 s for a line that is not printed, 1 s for an answer"
    return Findings(tables=[Table(title, columns, tuple(rows), (note,))])


def from_the_shell(lesson: Lesson, work: Path, count: int) -> Findings:
    """Measure ``course check`` beside the import that it cannot do without."""
    say(f"course check {lesson.number} and the import, {count} times in turn")
    home = solutions(lesson, 1)[0].write(work / "shell")
    command: Command = [COURSE, "check", str(lesson.number), home]
    run(command, cwd=work)
    check, imports = in_turn(
        count, lambda: run(command, cwd=work, status=[0]), lambda: import_once(work)
    )
    name = f"course check {lesson.number}"
    rows = tuple(
        (what, 1000 * times.median, 1000 * times.p90)
        for what, times in ((name, check), ("python -c 'import flask_socketio'", imports))
    )
    ratio = Ratio(f"{name}, cold / import flask_socketio", paired(check, imports), "×", 1.5)
    table = Table("From the shell, in turn", ("", "median ms", "p90 ms"), rows)
    return Findings([ratio], [table])
