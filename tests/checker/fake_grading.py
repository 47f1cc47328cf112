"""A course of two small lessons and a checker that does what a submission's text tells it to.

Run as a program (``python -m tests.checker.fake_grading COURSE CLASS OUT JOBS``) it grades, so
that a test can kill it, and tells its peak memory at the end. To see how that grows:
``python -m tests.checker.fake_grading --measure 500 5000`` makes classes of these sizes.
"""

import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from checker.grade import Graded, GradeError, Step, grade
from checker.lesson import Course, Lesson, load_lesson
from checker.report import CheckResult, Outcome, SubmissionResult
from checker.run import Cancelled, CheckFinished, CheckInfo, Event, Pool, RunFinished, RunStarted
from checker.submission import Submission

CHECKS = '''
from checker import App, check

@check(task=1, points=1)
def app_loads(app: App) -> None:
    """The app loads."""

@check(task=1, points=2, needs=app_loads)
def app_answers(app: App) -> None:
    """The app answers."""
'''
TOML = """
title = "{title}"
summary = "A lesson."
level = "Foundation"
minutes = 5
teaches = []
not_yet = []
open_files = ["app.py"]
"""


def make_course(root: Path, slugs: tuple[str, ...] = ("01-first", "02-second")) -> Course:
    """Write the course's lesson folders, if they are not there yet, and read them."""
    lessons = []
    for slug in slugs:
        folder = root / slug
        if not folder.exists():
            folder.mkdir(parents=True)
            title = slug[3:].capitalize()
            (folder / "lesson.toml").write_text(TOML.format(title=title))
            (folder / "lesson.md").write_text("## Task 1: Write it\n")
            (folder / "hints.md").write_text("## 1\nTry.\n---\nTry again.\n")
            (folder / "quiz.toml").write_text("")
            (folder / "checks.py").write_text(CHECKS)
            for name in ("starter", "solution"):
                (folder / name).mkdir()
                (folder / name / "app.py").write_text(f"{name}\n")
        lessons.append(load_lesson(folder))
    return Course(root, "Course", "A course.", (), (), tuple(lessons))


class FakePool:
    """What grading asks of a pool."""

    def __init__(self, sandbox: str = "bubblewrap", flask: str = "3.1.3") -> None:
        self.sandbox = sandbox
        self.versions: Mapping[str, str] = {"python": "3.11.7", "flask": flask}

    def __enter__(self) -> Pool:
        return cast(Pool, self)

    def __exit__(self, *_: object) -> None:
        pass

    def expect_many(self, *kinds: str) -> None:
        """Nothing gets ready."""


class FakeChecker:
    """Does what the submission's ``app.py`` says, and remembers what it was asked to check."""

    def __init__(self) -> None:
        self.checked: list[tuple[str, str]] = []

    def __call__(
        self,
        lesson: Lesson,
        submission: Submission,
        *,
        stage_pool: Pool,
        learner: str = "you",
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        self.checked.append((learner, lesson.slug))
        infos = [CheckInfo(c.name, c.title, c.task, c.points) for c in lesson.checks()]
        yield RunStarted(lesson.slug, tuple(infos))
        words = submission.files["app.py"].decode().split()
        results = [_result(info, "passed") for info in infos]
        yield CheckFinished(results[0])
        _act(words, cancel)
        if "fail" in words:
            results[1] = _result(infos[1], "failed")
        yield CheckFinished(results[1])
        if "vanish" in words:
            return
        yield RunFinished(
            SubmissionResult(
                learner,
                lesson.slug,
                "passed" if all(one.passed for one in results) else "failed",
                sum(one.points for one in results),
                3,
                checks=tuple(results),
            )
        )


def _act(words: list[str], cancel: threading.Event | None) -> None:
    if "raise" in words:
        raise RuntimeError("our bug")
    if "slow" in words:
        time.sleep(0.06)
    if "hang" in words and cancel is not None:
        cancel.wait(30)
        raise Cancelled
    if "stuck" in words:
        time.sleep(3)


def _result(info: CheckInfo, outcome: Outcome) -> CheckResult:
    passed = outcome == "passed"
    points = info.max_points if passed else 0
    said: dict[str, Any] = {} if passed else {"message": "It did not.", "help": "Try.", "line": 1}
    return CheckResult(info.name, info.title, info.task, outcome, points, info.max_points, **said)


def make_class(root: Path, learners: Mapping[str, str], lessons: tuple[str, ...]) -> Path:
    """Write a folder per learner with the same text as every lesson's ``app.py``."""
    for learner, words in learners.items():
        for lesson in lessons:
            folder = root / learner / lesson
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "app.py").write_text(words)
    return root


def run(
    course: Course,
    directory: Path,
    out: Path,
    *,
    checker: FakeChecker | None = None,
    pool: Callable[[], FakePool] = FakePool,
    engine: str = "engine",
    **more: Any,
) -> Graded:
    """Grade with the fake checker; ``engine`` stands for the hash of the real one."""
    with patch("checker.grading.fingerprint.of_engine", return_value=engine):
        return grade(
            directory,
            out,
            course=course,
            check=checker or FakeChecker(),
            pool_factory=cast(Any, pool),
            **more,
        )


def peak() -> float:
    """The most memory that this process has had, in MB."""
    unit = 1_000_000 if sys.platform == "darwin" else 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def measure(learners: int, root: Path) -> str:
    """Grade that many learners (two lessons each) in a process of its own; return what it says."""
    make_course(root / "course")
    words = {f"learner{n:05}": f"{'fail' if n % 2 else 'pass'} # {n}" for n in range(learners)}
    make_class(root / "class", words, ("01-first", "02-second"))
    command = [sys.executable, "-m", "tests.checker.fake_grading"]
    places = [str(root / name) for name in ("course", "class", "out")]
    top = Path(__file__).parents[2]
    done = subprocess.run(
        [*command, *places, "2"], capture_output=True, text=True, check=True, cwd=top
    )
    return done.stdout.splitlines()[-1]


def main() -> int:
    """Grade, print a line per step, and end as the command does; or measure."""
    if sys.argv[1] == "--measure":
        for size in map(int, sys.argv[2:]):
            with tempfile.TemporaryDirectory() as folder:
                begun = time.monotonic()
                said = measure(size, Path(folder))
                print(f"{size} learners: {said}, {time.monotonic() - begun:.0f} s", flush=True)
        return 0
    root, directory, out, jobs = sys.argv[1:]

    def say(step: Step) -> None:
        print(step.done, step.learner, flush=True)

    try:
        done = run(
            make_course(Path(root)), Path(directory), Path(out), jobs=int(jobs), progress=say
        )
    except GradeError as error:
        print(error, flush=True)
        return 2
    print(f"graded {done.graded}, reused {done.reused}, peak {peak():.1f} MB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
