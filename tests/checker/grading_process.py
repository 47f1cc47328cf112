"""Grading in a process of its own, which a test can stop in the middle, and what it wrote."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.lesson import Course


def outputs(out: Path) -> dict[str, bytes]:
    """Return everything that a run wrote for people, by name."""
    names = ("*.csv", "*.json", "*.html", "*/*.html")
    files = sorted(path for pattern in names for path in out.glob(pattern))
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


@contextmanager
def started(course: Course, room: Path, out: Path) -> Iterator[subprocess.Popen[str]]:
    """Grade in a process of its own, which does not outlive the test."""
    command = [sys.executable, "-m", "tests.checker.fake_grading"]
    paths = [str(course.root), str(room), str(out), "2"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [*command, *paths], stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(process: subprocess.Popen[str], steps: int) -> None:
    """Wait until the process has told of that many submissions."""
    assert process.stdout is not None
    for _ in range(steps):
        assert process.stdout.readline()
