"""Grading a class with a checker that does as it is told: nothing lost, nothing done twice."""

import csv
import json
import os
import re
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.grade import GradeError, GradeInterrupted, Step
from checker.grading import fingerprint
from checker.lesson import Course
from tests.checker.fake_grading import FakeChecker, FakePool, make_class, make_course, run
from tests.checker.grading_process import outputs, started, until

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


def gradebook(out: Path) -> dict[str, dict[str, str]]:
    with open(out / "gradebook.csv", encoding="utf-8", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def report(out: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((out / "report.json").read_text("utf-8"))
    return value


# ------------------------------------------------------------------ what comes out


def test_everyone_has_a_row_a_page_and_an_entry(course: Course, room: Path, out: Path) -> None:
    done = run(course, room, out)
    assert (done.graded, done.reused, done.all_passed) == (30, 0, False)
    rows = gradebook(out)
    assert len(rows) == 16
    assert rows["learner00"]["points"] == "6"
    assert rows["learner01"]["points"] == "2"
    assert "not a zip" in rows["broken"]["problem"]
    entries = report(out)["submissions"]
    assert len(entries) == 31
    assert len(list((out / "learners").iterdir())) == 16
    index = (out / "index.html").read_text()
    assert all(f"learners/{name}.html" in index for name in rows)


def test_nothing_but_the_promised_files_is_left(course: Course, room: Path, out: Path) -> None:
    run(course, room, out)
    names = sorted(path.name for path in out.iterdir())
    assert names == [
        *("alike", "gradebook.csv", "index.html", "journal.jsonl", "learners", "report.json")
    ]


def test_our_own_faults_are_broken_and_cost_nobody_else(
    course: Course, room: Path, out: Path
) -> None:
    run(course, room, out)
    rows = gradebook(out)
    assert rows["learner03"]["01-first"] == ""
    assert "our fault" in rows["learner03"]["problem"]
    assert "RuntimeError: our bug" in rows["learner03"]["problem"]
    assert "ended without a result" in rows["learner04"]["problem"]
    broken = [one for one in report(out)["submissions"] if one["learner"] == "learner03"]
    assert {check["outcome"] for one in broken for check in one["checks"]} == {"broken"}


def test_all_passed(course: Course, tmp_path: Path, out: Path) -> None:
    room = make_class(tmp_path / "class", {"ann": "pass", "bob": "pass"}, LESSONS)
    assert run(course, room, out).all_passed


def test_the_learners_own_line_is_on_their_page(course: Course, tmp_path: Path, out: Path) -> None:
    room = make_class(tmp_path / "class", {"ann": "fail # my <line>"}, LESSONS)
    run(course, room, out)
    page = (out / "learners" / "ann.html").read_text()
    assert "app.py, line 1: fail # my &lt;line&gt;" in page


def test_one_lesson_alone(course: Course, room: Path, out: Path) -> None:
    done = run(course, room, out, lesson=course.find("2"))
    assert done.graded == 15
    assert "01-first" not in (out / "gradebook.csv").read_text()


def test_the_number_of_jobs_does_not_matter(course: Course, room: Path, tmp_path: Path) -> None:
    seen = []
    for jobs in (1, 2, 7):
        run(course, room, tmp_path / f"out{jobs}", jobs=jobs)
        seen.append(outputs(tmp_path / f"out{jobs}"))
    assert seen[0] == seen[1] == seen[2]


def test_steps_tell_how_far_it_is(course: Course, room: Path, out: Path) -> None:
    steps: list[Step] = []
    run(course, room, out, progress=steps.append)
    assert [step.done for step in steps] == list(range(1, 32))
    assert {step.total for step in steps} == {31}
    assert steps[-1].seconds_left == 0
    assert {step.status for step in steps} == {"passed", "failed", "error", "ungraded"}


# ------------------------------------------------------------------ again, and after changes


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


# ------------------------------------------------------------------ time


def test_a_submission_over_its_time_is_stopped_and_says_so(
    course: Course, tmp_path: Path, out: Path
) -> None:
    room = make_class(tmp_path / "class", {"ann": "hang", "bob": "pass"}, LESSONS[:1])
    run(course, room, out, limit=0.3)
    ann, bob = report(out)["submissions"]
    assert [check["outcome"] for check in ann["checks"]] == ["passed", "timed_out"]
    assert "all checks together may take 0.3 seconds" in ann["checks"][1]["message"]
    assert (ann["status"], bob["status"]) == ("failed", "passed")


# ------------------------------------------------------------------ interrupted


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


# ------------------------------------------------------------------ what it refuses


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
