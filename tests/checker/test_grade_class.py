"""What an instructor gets besides the gradebook: warnings, look-alikes, files for a platform."""

import csv
from pathlib import Path
from typing import Any

import pytest

from checker.formats import roster
from checker.grade import GradeError
from checker.grading.reports import Options
from checker.lesson import Course
from tests.checker.fake_grading import FakeChecker, FakePool, make_class, make_course, run
from tests.checker.test_likeness import ODD, renamed

LESSONS = ("01-first", "02-second")
PEOPLE = """\
Student,ID,SIS User ID,SIS Login ID,Section
"Lee, Ann",340934,S-1,ann,Group 1
"Stone, Bob",340935,S-2,bob,Group 1
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return make_course(tmp_path / "course")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    apps = {"ann": ODD, "bob": "pass", "cem": renamed(ODD), "dee": "fail"}
    return make_class(tmp_path / "class", apps, LESSONS)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


# ------------------------------------------------------------------ no walls


def without_walls() -> FakePool:
    return FakePool("process")


def test_strangers_are_graded_without_walls_only_when_told_to(
    course: Course, room: Path, out: Path
) -> None:
    checker, notices = FakeChecker(), list[str]()
    with pytest.raises(GradeError, match="This machine offers no sandbox, so a submission could"):
        run(course, room, out, checker=checker, pool=without_walls, notice=notices.append)
    assert (checker.checked, notices) == ([], [])
    assert not (out / "report.json").exists()


def test_it_is_said_at_once_and_in_every_report(course: Course, room: Path, out: Path) -> None:
    told: list[str] = []
    done = run(
        course,
        room,
        out,
        pool=without_walls,
        allow_unsafe=True,
        notice=told.append,
        progress=lambda step: told.append(step.learner),
    )
    assert told[0].startswith("There is no sandbox: what you grade runs with your rights")
    assert done.sandbox == "process"
    assert '"sandbox": "process"' in (out / "report.json").read_text()
    assert {row[-1] for row in cells(out / "gradebook.csv")[1:]} == {"process"}
    pages = list(out.rglob("*.html"))
    assert len(pages) >= 7
    assert all("Checked without a sandbox." in page.read_text() for page in pages)


def test_behind_walls_nothing_is_said_of_them(course: Course, room: Path, out: Path) -> None:
    told: list[str] = []
    run(course, room, out, notice=told.append)
    assert told == ["Writing the pages …", "Looking for hand-ins that are alike …"]
    assert "without a sandbox" not in (out / "index.html").read_text()


# ------------------------------------------------------------------ hand-ins that are alike


def test_who_is_alike_stands_side_by_side(course: Course, room: Path, out: Path) -> None:
    done = run(course, room, out)
    assert done.alike == 2
    page = (out / "alike" / "01-first.html").read_text()
    assert "visits.append(path)" in page
    assert 'href="../learners/cem.html"' in page
    assert "bob" not in page
    overview = (out / "alike" / "index.html").read_text()
    assert "Alike in more than one lesson" in overview
    assert 'href="alike/index.html"' in (out / "index.html").read_text()


def test_nothing_about_it_is_on_a_learners_page(course: Course, room: Path, out: Path) -> None:
    run(course, room, out)
    for page in (out / "learners").iterdir():
        assert "alike" not in page.read_text()


def test_it_can_be_left_out_and_then_nothing_of_it_stays(
    course: Course, room: Path, out: Path
) -> None:
    run(course, room, out)
    (out / "alike" / "my-notes.html").write_text("mine")
    done = run(course, room, out, options=Options(look_alike=False))
    assert done.alike is None
    assert [path.name for path in (out / "alike").iterdir()] == ["my-notes.html"]
    assert "alike" not in (out / "index.html").read_text()
    (out / "alike" / "my-notes.html").unlink()
    run(course, room, out, options=Options(look_alike=False))
    assert not (out / "alike").exists()


def test_a_hand_in_that_cannot_be_read_is_in_nobodys_way(
    course: Course, room: Path, out: Path
) -> None:
    (room / "eve.zip").write_bytes(b"no zip")
    (room / "fay" / "01-first").mkdir(parents=True)
    (room / "fay" / "01-first" / "app.py").symlink_to("/etc/passwd")
    assert run(course, room, out).alike == 2


def test_one_hand_in_alone_is_like_nobody(course: Course, tmp_path: Path, out: Path) -> None:
    done = run(course, make_class(tmp_path / "one", {"ann": ODD}, LESSONS), out)
    assert done.alike == 0
    assert "none" in (out / "index.html").read_text()


# ------------------------------------------------------------------ for a learning platform


def cells(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def test_a_gradebook_for_each_platform(course: Course, room: Path, out: Path) -> None:
    run(course, room, out, options=Options(("canvas", "moodle")))
    canvas, moodle = cells(out / "gradebook-canvas.csv"), cells(out / "gradebook-moodle.csv")
    assert canvas[0][-2:] == moodle[0][-2:] == ["1. First", "2. Second"]
    assert canvas[1] == ["    Points Possible", "", "", "", "", "3", "3"]
    assert canvas[-1] == ["dee", "", "", "dee", "", "1", "1"]
    assert moodle[1] == ["ann", "3", "3"]


def test_the_platforms_own_list_comes_back_with_grades(
    course: Course, room: Path, out: Path
) -> None:
    done = run(course, room, out, options=Options(roster=roster.parse(PEOPLE)))
    assert done.unmatched == ("cem", "dee")
    assert cells(out / "gradebook-canvas.csv")[2:] == [
        ["Lee, Ann", "340934", "S-1", "ann", "Group 1", "3", "3"],
        ["Stone, Bob", "340935", "S-2", "bob", "Group 1", "3", "3"],
    ]
    assert not (out / "gradebook-moodle.csv").exists()


def test_only_what_was_asked_for_is_written(course: Course, room: Path, out: Path) -> None:
    run(course, room, out)
    assert not list(out.glob("gradebook-*.csv"))


# ------------------------------------------------------------------ the same, whatever the order


def test_jobs_and_order_change_nothing(course: Course, room: Path, tmp_path: Path) -> None:
    def files(out: Path) -> dict[str, bytes]:
        found = (path for path in out.rglob("*") if path.is_file() and path.suffix != ".jsonl")
        return {str(path.relative_to(out)): path.read_bytes() for path in found}

    options: dict[str, Any] = {"options": Options(("canvas", "moodle"))}
    run(course, room, tmp_path / "one", jobs=1, **options)
    mirrored = tmp_path / "mirrored"
    for learner in sorted(room.iterdir(), reverse=True):
        make_class(mirrored, {learner.name: (learner / LESSONS[0] / "app.py").read_text()}, LESSONS)
    run(course, mirrored, tmp_path / "two", jobs=5, **options)
    assert files(tmp_path / "one") == files(tmp_path / "two")
