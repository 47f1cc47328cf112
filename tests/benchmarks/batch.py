"""Our checker on a class: `course grade`, its time, and the memory that it takes."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from checker.lesson import Lesson
from tests.benchmarks.measure import CommandFailed, Memory, MemoryWatch, environment, run, say
from tests.benchmarks.ours import COURSE, FOURTH
from tests.benchmarks.submissions import Program, described, mixed
from tests.benchmarks.table import Cell, Findings, Ratio, Table, wrapped

MARKS = (0.1, 0.5, 1.0)
"""After which parts of a long run the memory is told."""


class Batch:
    """``course grade`` on a class, as its users run it."""

    def __init__(self, lesson: Lesson, programs: Sequence[Program], work: Path) -> None:
        """Write the class into ``work``."""
        self.lesson = lesson
        self.programs = programs
        self.work = work
        self.folder = work / "class"
        self.out = work / "graded"
        for program in programs:
            program.write(self.folder)

    def command(self, jobs: int) -> list[str]:
        """Return the command; what an earlier run left is thrown away."""
        shutil.rmtree(self.out, ignore_errors=True)
        words = ["grade", str(self.folder), "--out", str(self.out)]
        return [str(COURSE), *words, "--lesson", str(self.lesson.number), "--jobs", str(jobs)]

    def seconds(self, jobs: int) -> float:
        """Grade from a cold start; return the wall seconds."""
        return run(self.command(jobs), cwd=self.work)

    def watched(self, jobs: int) -> tuple[float, MemoryWatch]:
        """Grade from a cold start; return the wall seconds, and what was seen of the memory."""
        words = self.command(jobs)
        begun = time.perf_counter()
        quiet = subprocess.DEVNULL
        with (
            subprocess.Popen(
                words, cwd=self.work, env=environment(), stdout=quiet, stderr=quiet
            ) as process,
            MemoryWatch(process.pid, self.done) as watch,
        ):
            status = process.wait()
            seconds = time.perf_counter() - begun
        if status not in (0, 1):
            raise CommandFailed(f"course grade ended with {status}.")
        return seconds, watch

    def right(self) -> int:
        """Return how many verdicts are those that the lesson promises."""
        passed = self.passed()
        return sum(passed.get(one.learner) == one.passes for one in self.programs)

    def passed(self) -> dict[str, bool]:
        """Return who passed, by the report."""
        report = json.loads((self.out / "report.json").read_text())
        return {one["learner"]: one["status"] == "passed" for one in report["submissions"]}

    def done(self) -> int:
        """Return how many submissions the running command has finished."""
        try:
            lines = (self.out / "journal.jsonl").read_bytes().splitlines()
        except OSError:
            return 0
        return sum(line.startswith(b'{"key"') for line in lines)  # others begin a run


def classes(lessons: Sequence[Lesson], count: int, jobs: int, work: Path) -> Findings:
    """Grade a class of ``count`` in each lesson, from a cold start, and watch the memory."""
    rows: list[tuple[Cell, ...]] = []
    notes = ["peak MiB: the judge, and all processes below it together"]
    for lesson in lessons:
        say(f"a class of {count} in lesson {lesson.number}")
        batch = Batch(lesson, mixed(lesson, count), work / f"class{lesson.number}")
        try:
            seconds, watch = batch.watched(jobs)
        except CommandFailed as error:
            notes.append(f"lesson {lesson.number} not measured: {error}")
            continue
        peak = watch.peak(-1, count)
        figures = (seconds, 1000 * seconds / count, *_cells(peak)[:2])
        rows.append((str(lesson.number), *figures, f"{batch.right()} of {count}"))
    columns = ("lesson", "s", "ms each", "judge MiB", "below MiB", "right verdicts")
    title = f"A class of {count}, each lesson, course grade --jobs {jobs}, cold"
    return Findings(tables=[Table(title, columns, tuple(rows), tuple(notes))])


def many(lesson: Lesson, count: int, jobs: int, work: Path) -> Findings:
    """Grade ``count`` mixed submissions and watch the memory."""
    say(f"{count} submissions of lesson {lesson.number} with course grade, {jobs} jobs")
    batch = Batch(lesson, mixed(lesson, count), work / f"many{lesson.number}")
    seconds, watch = batch.watched(jobs)
    marks = [round(part * count) for part in MARKS]
    peaks = [watch.peak(a, b) for a, b in zip([-1, *marks], marks, strict=False)]
    rows = tuple((f"up to {mark}", *_cells(peak)) for mark, peak in zip(marks, peaks, strict=True))
    title = f"{count} submissions of lesson {lesson.number}: {seconds:.1f} s, {jobs} jobs"
    size = "shared pages counted once" if watch.exact else "shared pages counted for each"
    columns = ("submissions done", "judge peak MiB", "all below it peak MiB", "processes below it")
    words = described(batch.programs)
    notes = (
        f"{1000 * seconds / count:.0f} ms for each; {batch.right()} of {count} verdicts right; "
        f"MiB below it: {size}",
        *wrapped(["the submissions: " + words[0], *words[1:]]),
    )
    asked = 40 if (lesson.number, count) == (FOURTH, 1000) else None
    growth = _growth(peaks[0], peaks[-1])
    return Findings(
        [
            Ratio(f"{count} of lesson {lesson.number}", seconds, "s", asked),
            Ratio("memory in its last half / in its first tenth", growth, "×", 1.1),
        ],
        [Table(title, columns, rows, notes)],
    )


def _cells(peak: Memory | None) -> tuple[Cell, Cell, Cell]:
    return (peak.own, peak.below, peak.processes) if peak else (None, None, None)


def _growth(first: Memory | None, last: Memory | None) -> float | None:
    if first is None or last is None:
        return None
    return (last.own + last.below) / (first.own + first.below)
