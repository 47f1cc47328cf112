"""Grading a class with a checker that does as it is told: what comes out."""

from pathlib import Path

from checker.grade import Step
from checker.lesson import Course
from tests.checker.fake_grading import make_class, run
from tests.checker.grading.conftest import LESSONS
from tests.checker.grading.results import gradebook, report
from tests.checker.grading_process import outputs


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


def test_a_submission_over_its_time_is_stopped_and_says_so(
    course: Course, tmp_path: Path, out: Path
) -> None:
    room = make_class(tmp_path / "class", {"ann": "hang", "bob": "pass"}, LESSONS[:1])
    run(course, room, out, limit=0.3)
    ann, bob = report(out)["submissions"]
    assert [check["outcome"] for check in ann["checks"]] == ["passed", "timed_out"]
    assert "all checks together may take 0.3 seconds" in ann["checks"][1]["message"]
    assert (ann["status"], bob["status"]) == ("failed", "passed")
