"""What grading refuses, in one sentence each."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.grade import GradeError
from checker.lesson import Course
from tests.checker.fake_grading import FakeChecker, FakePool, run


def refused(*arguments: Any, **more: Any) -> str:
    with pytest.raises(GradeError) as error:
        run(*arguments, **more)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_no_such_folder(course: Course, tmp_path: Path, out: Path) -> None:
    assert "is not a folder" in refused(course, tmp_path / "nothing", out)


def test_a_folder_without_submissions(course: Course, tmp_path: Path, out: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "roster.csv").touch()
    assert "holds no submissions" in refused(course, tmp_path / "empty", out)


@pytest.mark.parametrize("inside", [".", "out", "learner00/out"])
def test_results_among_the_submissions(course: Course, room: Path, inside: str) -> None:
    assert "choose a folder outside" in refused(course, room, room / inside)


def test_results_through_a_link_into_the_submissions(
    course: Course, room: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(room)
    assert "choose a folder outside" in refused(course, room, tmp_path / "link" / "out")


def test_results_where_a_file_is(course: Course, room: Path, out: Path) -> None:
    out.write_text("")
    assert "cannot be used" in refused(course, room, out)


def test_results_that_cannot_be_written(course: Course, room: Path, out: Path) -> None:
    (out / "gradebook.csv").mkdir(parents=True)
    assert "cannot be used" in refused(course, room, out)


def test_no_walls_and_no_leave(course: Course, room: Path, out: Path) -> None:
    checker = FakeChecker()
    said = refused(course, room, out, checker=checker, pool=lambda: FakePool("process"))
    assert "--allow-unsafe" in said
    assert checker.checked == []


def test_another_run_has_the_same_results_folder(course: Course, room: Path, out: Path) -> None:
    from checker.grading.journal import Journal

    out.mkdir()
    with Journal(out / "journal.jsonl"):
        assert "Another `course grade` is writing" in refused(course, room, out)


@pytest.fixture
def unwritable(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    yield folder
    folder.chmod(0o700)


def test_a_folder_that_may_not_be_written(course: Course, room: Path, unwritable: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    assert "cannot be used" in refused(course, room, unwritable / "out")
