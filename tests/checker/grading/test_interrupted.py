"""A run that is interrupted or killed, and goes on: nothing is lost."""

import re
import signal
import time
from pathlib import Path

import pytest

from checker.grade import GradeInterrupted, Step
from checker.lesson import Course
from tests.checker.fake_grading import FakeChecker, make_class, run
from tests.checker.grading.conftest import LESSONS
from tests.checker.grading_process import outputs, started, until

pytestmark = pytest.mark.long


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(
    course: Course, room: Path, out: Path, tmp_path: Path
) -> None:
    run(course, room, tmp_path / "undisturbed")

    def stop(step: Step) -> None:
        if step.done == 11:
            raise KeyboardInterrupt

    first = FakeChecker()
    with pytest.raises(
        GradeInterrupted, match=r"Stopped after 1\d of 31; they are kept\. Give the"
    ):
        run(course, room, out, checker=first, progress=stop)
    assert not (out / "gradebook.csv").exists()
    second = FakeChecker()
    done = run(course, room, out, checker=second)
    assert done.reused >= 4
    assert outputs(out) == outputs(tmp_path / "undisturbed")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    learners = {
        f"learner{number:03}": ("pass slow", "fail slow")[number % 2] for number in range(40)
    }
    return make_class(tmp_path / "class", learners, LESSONS)


@pytest.mark.parametrize("torn", [b"", b'{"key": "abc", "resu'])
def test_killed_twice_and_started_again(
    course: Course, large: Path, out: Path, tmp_path: Path, torn: bytes
) -> None:
    run(course, large, tmp_path / "undisturbed")
    for steps in (15, 40):
        with started(course, large, out) as process:
            until(process, steps)
        assert not (out / "gradebook.csv").exists()
        with open(out / "journal.jsonl", "ab") as journal:
            journal.write(torn)
    finished = (out / "journal.jsonl").read_bytes().count(b'"result"')
    checker = FakeChecker()
    done = run(course, large, out, checker=checker)
    assert done.reused == finished >= 40
    assert len(checker.checked) == len(set(checker.checked)) == 80 - finished
    assert outputs(out) == outputs(tmp_path / "undisturbed")


def test_killed_while_the_reports_are_written(course: Course, large: Path, out: Path) -> None:
    learners = out / "learners"
    with started(course, large, out) as process:
        while not learners.is_dir() or len(list(learners.iterdir())) < 10:
            assert process.poll() is None
            time.sleep(0.001)
    run(course, large, out)
    assert not [path for path in out.rglob("*") if path.name.endswith(".tmp")]
    assert len(list(learners.iterdir())) == 40


def test_a_real_ctrl_c(course: Course, large: Path, out: Path) -> None:
    with started(course, large, out) as process:
        until(process, 10)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert re.search(r"Stopped after \d+ of 80; they are kept\. Give the same command", said)
    assert run(course, large, out).reused >= 10
