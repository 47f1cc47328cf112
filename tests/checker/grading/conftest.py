"""A course of two lessons, and a class of fifteen that is graded."""

from pathlib import Path

import pytest

from checker.lesson import Course
from tests.checker.fake_grading import make_class, make_course

LESSONS = ("01-first", "02-second")
WORDS = ("pass", "fail", "pass slow", "raise", "vanish")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return make_course(tmp_path / "course")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def room(tmp_path: Path) -> Path:
    learners = {f"learner{number:02}": WORDS[number % len(WORDS)] for number in range(15)}
    root = make_class(tmp_path / "class", learners, LESSONS)
    (root / "broken.zip").write_bytes(b"no zip")
    return root
