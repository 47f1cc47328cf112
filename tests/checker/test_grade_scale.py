"""Thousands of results: killed twice and nothing lost, and memory that a large class can afford."""

from pathlib import Path

import pytest

from tests.checker.fake_grading import FakeChecker, make_class, make_course, measure, run
from tests.checker.grading_process import outputs, started, until

LESSONS = ("01-first", "02-second")
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def test_two_thousand_results_killed_twice(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    words = {f"learner{n:04}": f"{'fail' if n % 3 else 'pass'} # {n}" for n in range(1000)}
    room = make_class(tmp_path / "class", words, LESSONS)
    out = tmp_path / "out"
    kept: list[int] = []
    for steps in (400, 900):
        with started(course, room, out) as process:
            until(process, steps)
        kept.append((out / "journal.jsonl").read_bytes().count(b'"result"'))
        assert not (out / "gradebook.csv").exists()
    assert kept[1] > kept[0] >= 390
    checker = FakeChecker()
    done = run(course, room, out, checker=checker, jobs=3)
    assert (done.reused, done.graded) == (kept[1], 2000 - kept[1])
    assert len(set(checker.checked)) == len(checker.checked) == done.graded
    run(course, room, tmp_path / "undisturbed", jobs=1)
    assert outputs(out) == outputs(tmp_path / "undisturbed")
    assert len(list((out / "learners").iterdir())) == 1000


def peak(said: str) -> float:
    return float(said.rpartition("peak ")[2].removesuffix(" MB"))


def test_memory_hardly_grows_with_the_class(tmp_path: Path) -> None:
    small = peak(measure(100, tmp_path / "small"))
    large = peak(measure(1000, tmp_path / "large"))
    assert large < small + 20, (
        "2,000 results cost some 6 MB; with their outputs it would be far more"
    )
