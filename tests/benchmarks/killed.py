"""A long run that is killed and goes on: ``python -m tests.benchmarks.killed``.

A class of lesson 4 is graded by the real command behind the real sandbox. Each time a part of it
is done, the command is killed with SIGKILL, and given again. Exit status 1: a verdict is not the
one that the lesson promises, or something was graded twice or lost. Leave the checker's files alone
meanwhile: a result of another checker counts no more, and all are graded again.
"""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

import click

from checker.lesson import load_course
from tests.benchmarks.batch import Batch
from tests.benchmarks.measure import environment, load_average
from tests.benchmarks.ours import FOURTH
from tests.benchmarks.submissions import mixed

SHOWN = 10
"""Complaints that are printed."""


class Killing:
    """One class, and the command that grades it, given several times."""

    def __init__(self, batch: Batch, jobs: int) -> None:
        """Grade ``batch`` with so many ``jobs``; nothing runs yet."""
        self._batch = batch
        self._command = batch.command(jobs)

    def run(self, until: int | None = None) -> tuple[float, int]:
        """Grade, and kill the command once ``until`` are done.

        Returns the wall seconds and how many are done then.
        """
        begun = time.perf_counter()
        quiet = subprocess.DEVNULL
        with subprocess.Popen(
            self._command, cwd=self._batch.work, env=environment(), stdout=quiet, stderr=quiet
        ) as process:
            while process.poll() is None:
                if until is not None and self._batch.done() >= until:
                    process.send_signal(signal.SIGKILL)
                    break
                time.sleep(0.05)
        return time.perf_counter() - begun, self._batch.done()

    def complaints(self) -> list[str]:
        """Return what is not as if the run had never been disturbed."""
        asked = {program.learner: program.passes for program in self._batch.programs}
        lines = (self._batch.out / "journal.jsonl").read_text("utf-8").splitlines()
        entries = [entry for entry in map(json.loads, lines) if "result" in entry]
        graded = Counter(entry["result"]["learner"] for entry in entries)
        found = [f"{name} was graded {n} times" for name, n in graded.items() if n != 1]
        found += [f"{name} is not in the journal" for name in asked if name not in graded]
        passed = self._batch.passed()
        found += [f"{name} is not in the report" for name in asked if name not in passed]
        wrong = [name for name in passed if passed[name] != asked.get(name)]
        return found + [f"{name} passed: {passed[name]}" for name in wrong]


@click.command()
@click.option("--size", default=1000, show_default=True, help="Submissions in the class.")
@click.option("--kills", default=2, show_default=True, help="How often the command is killed.")
@click.option("--jobs", default=2, show_default=True)
def main(size: int, kills: int, jobs: int) -> None:
    """Grade a class in spite of being killed, and look whether anything was lost."""
    lesson = load_course().find(str(FOURTH))
    with tempfile.TemporaryDirectory(prefix="course-killed-") as folder:
        batch = Batch(lesson, mixed(lesson, size), Path(folder))
        killing = Killing(batch, jobs)
        total = 0.0
        for number in range(1, kills + 2):
            until = size * number // (kills + 1) if number <= kills else None
            seconds, done = killing.run(until)
            total += seconds
            end = "killed" if until is not None else "ended"
            print(f"run {number}: {seconds:6.1f} s, {end} with {done} of {size} in the journal")
        complaints = killing.complaints()
    print(f"{total:.1f} s in all, {1000 * total / size:.0f} ms each; {load_average()}")
    print(*complaints[:SHOWN] or [f"{size} graded once each, every verdict right"], sep="\n")
    if len(complaints) > SHOWN:
        print(f"… and {len(complaints) - SHOWN} more complaints")
    raise SystemExit(1 if complaints else 0)


if __name__ == "__main__":
    main()
