"""Starters: given out by `course start`, put back by `course reset`."""

from pathlib import Path

import pytest

from tests.checker.commands.conftest import Run, solve
from tests.checker.small_course import SOLUTION


def test_start_tells_what_to_do_next(run: Run) -> None:
    assert run("start").output == (
        "2 lessons are ready in my-course.\n\n"
        "Open my-course/01-greet/app.py in your editor.\nThen:\n\n"
        "    cd my-course\n    course check 1\n"
    )


def test_start_again_keeps_a_learners_files(run: Run, mine: Path) -> None:
    solve(mine / "01-greet")
    result = run("start", str(mine))
    assert "Left as they were: 01-greet, 02-part." in result.output
    assert (mine / "01-greet/app.py").read_bytes() == SOLUTION


def test_start_inside_a_workspace_completes_that_one(run: Run, mine: Path) -> None:
    result = run("start")
    assert "Left as they were: 01-greet, 02-part." in result.output
    assert not (mine / "my-course").exists()


def test_a_reset_says_where_the_backup_is(run: Run, mine: Path) -> None:
    solve(mine / "01-greet")
    result = run("reset", "1")
    first, second = result.output.splitlines()
    assert first == "Lesson 1 is at its starter again."
    assert second.startswith("Your files are in .course/backups/")
    backup = mine / second.removeprefix("Your files are in ").removesuffix(".")
    assert (backup / "app.py").read_bytes() == SOLUTION


def test_a_reset_wants_the_lesson_named(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("reset")
    assert result.exit_code == 2
    assert result.stderr == "Error: Which lesson? Name it, for example `course reset 4`.\n"
    monkeypatch.chdir(mine / "02-part")
    assert "Lesson 2 is at its starter again." in run("reset").output
