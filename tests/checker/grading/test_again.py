"""A class graded again, after a change or without one: nothing is done twice."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from checker.grading import fingerprint
from checker.lesson import Course
from tests.checker.fake_grading import FakeChecker, FakePool, make_class, make_course, run
from tests.checker.grading.conftest import LESSONS
from tests.checker.grading.results import gradebook
from tests.checker.grading_process import outputs


def graded_again(course: Course, room: Path, out: Path, **more: Any) -> set[tuple[str, str]]:
    checker = FakeChecker()
    done = run(course, room, out, checker=checker, **more)
    assert done.graded == len(checker.checked)
    return set(checker.checked)


@pytest.fixture
def graded(course: Course, tmp_path: Path, out: Path) -> Path:
    room = make_class(tmp_path / "class", {"ann": "pass", "bob": "fail", "cem": "pass"}, LESSONS)
    run(course, room, out)
    return room


def test_the_same_again_grades_nothing(course: Course, graded: Path, out: Path) -> None:
    before = outputs(out)
    assert graded_again(course, graded, out) == set()
    assert outputs(out) == before


def test_a_changed_submission_alone_is_graded(course: Course, graded: Path, out: Path) -> None:
    (graded / "bob" / "02-second" / "app.py").write_text("pass")
    assert graded_again(course, graded, out) == {("bob", "02-second")}
    assert gradebook(out)["bob"]["02-second"] == "3"


def test_a_new_file_beside_the_app_counts(course: Course, graded: Path, out: Path) -> None:
    (graded / "ann" / "01-first" / "requirements.txt").write_text("flask")
    assert graded_again(course, graded, out) == {("ann", "01-first")}


def test_a_changed_lesson_alone_is_graded(
    course: Course, graded: Path, out: Path, tmp_path: Path
) -> None:
    checks = tmp_path / "course" / "02-second" / "checks.py"
    checks.write_text(checks.read_text().replace("points=2", "points=5"))
    changed = make_course(tmp_path / "course")
    assert graded_again(changed, graded, out) == {
        (name, "02-second") for name in ("ann", "bob", "cem")
    }


def test_changed_prose_grades_nothing(
    course: Course, graded: Path, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "course" / "02-second" / "lesson.md").write_text("## Task 1: Said better\n")
    assert graded_again(make_course(tmp_path / "course"), graded, out) == set()


@pytest.mark.parametrize("pool", [lambda: FakePool(flask="4.0"), lambda: FakePool("process")])
def test_other_versions_or_walls_grade_everything(
    course: Course, graded: Path, out: Path, pool: Any
) -> None:
    assert len(graded_again(course, graded, out, pool=pool, allow_unsafe=True)) == 6


def test_another_checker_grades_everything(course: Course, graded: Path, out: Path) -> None:
    assert len(graded_again(course, graded, out, engine="a newer one")) == 6


def test_the_checker_and_its_packages_are_known_by_one_hash() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint.of_engine())
    assert fingerprint.of_files({"a": b"bc"}) != fingerprint.of_files({"ab": b"c"})


def test_a_learner_who_left_is_gone_from_the_results(
    course: Course, graded: Path, out: Path
) -> None:
    for path in sorted((graded / "bob").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (graded / "bob").rmdir()
    run(course, graded, out)
    assert sorted(gradebook(out)) == ["ann", "cem"]
    assert not (out / "learners" / "bob.html").exists()


def test_a_hand_in_moved_from_folder_to_zip_is_the_same(
    course: Course, graded: Path, out: Path
) -> None:
    with zipfile.ZipFile(graded / "ann.zip", "w") as file:
        for path in sorted((graded / "ann").rglob("*.py")):
            file.write(path, path.relative_to(graded))
    for path in sorted((graded / "ann").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (graded / "ann").rmdir()
    assert graded_again(course, graded, out) == set()


def test_what_was_our_fault_is_tried_again(course: Course, room: Path, out: Path) -> None:
    run(course, room, out)
    again = graded_again(course, room, out)
    assert {learner for learner, _ in again} == {f"learner{n:02}" for n in (3, 4, 8, 9, 13, 14)}
