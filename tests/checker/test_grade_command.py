"""`course grade` on the command line: what it explains, says on the way, and refuses."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from click.testing import CliRunner, Result

from checker import grade as grading
from checker.cli import course as program
from checker.commands import grading as command
from checker.grade import Graded
from checker.run import Pool
from tests.checker.fake_grading import FakeChecker, FakePool, make_class
from tests.checker.small_course import write_course
from tests.checker.test_likeness import ODD

Run: TypeAlias = Callable[..., Result]
LESSON = "01-greet"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `course grade` on a class of three, with a checker and a sandbox of the test's own."""
    monkeypatch.setenv("COURSE_LESSONS", str(write_course(tmp_path / "course")))
    monkeypatch.chdir(tmp_path)
    make_class(tmp_path / "class", {"ann": ODD, "bob": ODD, "cem": "fail"}, (LESSON,))

    def run(*arguments: str, sandbox: str = "bubblewrap") -> Result:
        graded: Callable[..., Graded] = partial(
            grading.grade,
            pool_factory=lambda: cast(Pool, FakePool(sandbox)),
            check=FakeChecker(),
        )
        monkeypatch.setattr(command, "grade", graded)
        return CliRunner().invoke(program, ["grade", *arguments], prog_name="course")

    return run


def test_its_help_can_be_followed(run: Run) -> None:
    said = " ".join(run("--help").output.split())
    for sentence in (
        "DIRECTORY holds a folder or a zip for each learner, whose name is the learner's.",
        "course grade submissions --out results submissions/ann/04-event-handlers/app.py",
        "course grade lesson4 --out results --lesson 4 lesson4/ann/app.py lesson4/bob.py",
        "Open index.html in the results first",
        "An interrupted run goes on where it stopped: give the same command again.",
        "Given once more after a change, it grades only what has changed.",
        "the hand-ins that are alike: a place to look, no verdict.",
        "--format [canvas|moodle] Also write a gradebook to import there",
        "--roster FILE The CSV that Canvas or Moodle exported; you get it back with the grades.",
        "--allow-unsafe Grade where there is no sandbox.",
        "--no-alike Do not look for hand-ins that are alike.",
    ):
        assert sentence in said


def test_it_tells_how_it_goes_and_what_to_open(run: Run) -> None:
    result = run("class", "--out", "results")
    assert result.exit_code == 1
    assert "3/3 cem, 01-greet: failed" in result.stderr
    assert "Looking for hand-ins that are alike …" in result.stderr
    assert "3 learners, 3 submissions." in result.stdout
    assert "Some hand-ins are alike; alike/index.html in the results says where to look." in (
        result.stdout
    )
    assert "begin with index.html." in result.stdout


def test_alike_can_be_left_out(run: Run) -> None:
    result = run("class", "--out", "results", "--no-alike")
    assert "alike" not in result.output
    assert not Path("results/alike").exists()


def test_no_sandbox_is_a_refusal_and_then_a_warning(run: Run) -> None:
    refused = run("class", "--out", "results", sandbox="process")
    assert refused.exit_code == 2
    assert "to grade anyway, say --allow-unsafe" in refused.stderr
    assert not Path("results/report.json").exists()
    allowed = run("class", "--out", "results", "--allow-unsafe", sandbox="process")
    assert allowed.exit_code == 1
    assert allowed.stderr.startswith("There is no sandbox: what you grade runs with your rights")
    assert "Graded without a sandbox; every report says so." in allowed.stdout


def test_gradebooks_for_platforms(run: Run) -> None:
    run("class", "--out", "results", "--format", "canvas", "--format", "moodle")
    assert Path("results/gradebook-canvas.csv").exists()
    assert Path("results/gradebook-moodle.csv").exists()
    refused = run("class", "--out", "results", "--format", "blackboard")
    assert refused.exit_code == 2
    assert "'blackboard' is not one of 'canvas', 'moodle'" in refused.stderr


def test_a_roster_names_who_is_not_in_it(run: Run) -> None:
    Path("grades.csv").write_text("Username,Email address\nann,ann@school.example\n")
    result = run("class", "--out", "results", "--roster", "grades.csv")
    assert "Not in the roster, and so not in its gradebook: bob, cem" in result.stdout
    assert "ann,ann@school.example," in Path("results/gradebook-moodle.csv").read_text()


def test_a_roster_that_is_none_is_said_before_anything_is_graded(run: Run) -> None:
    for written, said in (
        (None, "grades.csv cannot be read: No such file or directory."),
        ("a,b\n", "grades.csv has none of the columns by which people are known"),
    ):
        if written:
            Path("grades.csv").write_text(written)
        result = run("class", "--out", "results", "--roster", "grades.csv")
        assert result.exit_code == 2
        assert result.stderr.startswith(f"Error: {said}")
        assert not Path("results").exists()
