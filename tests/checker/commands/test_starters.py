"""Starters: given out by `course start`, put back by `course reset`."""

from pathlib import Path

import pytest

from tests.checker.commands.conftest import Run, solve
from tests.checker.small_course import SOLUTION, STARTER


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


def test_start_says_that_one_lesson_is_ready(run: Run, mine: Path) -> None:
    (mine / "02-part").rename(mine / "moved")
    assert run("start").output.startswith("1 lesson is ready here.\nLeft as they were: 01-greet.\n")


# ---------------------------------------------------------------- the project


def test_start_names_the_project(run: Run, project: Path) -> None:
    assert (project / "app.py").read_bytes() == STARTER
    assert run("start", "other").output == (
        "2 lessons and the project are ready in other.\n\n"
        "Open other/01-greet/app.py in your editor.\nThen:\n\n"
        "    cd other\n    course check 1\n"
    )
    assert "Left as they were: 01-greet, 02-part, project.\n" in run("start").output


def test_start_adds_the_project_and_goes_on_with_it(run: Run, project: Path) -> None:
    for lesson in ("01-greet", "02-part"):
        solve(project.parent / lesson)
        run("check", lesson)
    project.rename(project.parent / "moved")
    assert run("start").output == (
        "The project is ready here.\nLeft as they were: 01-greet, 02-part.\n\n"
        "Open project/app.py in your editor.\nThen:\n\n    course check project/1\n"
    )


def test_a_reset_of_a_stage_says_whose_app_is_there(run: Run, project: Path) -> None:
    (project / "app.py").write_text("mine")
    result = run("reset", "project/2")
    first, second, third = result.output.splitlines()
    assert first == "Stage 2 of the project is at its starter again."
    assert second == "That is our app of stage 1."
    assert third.startswith("Your files are in .course/backups/")
    assert third.endswith("/project/02-sing.")
    assert (project / "app.py").read_bytes() == SOLUTION


def test_a_reset_inside_the_project_is_of_the_stage_one_is_at(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(project)
    monkeypatch.chdir(project)
    first, second = run("reset").output.splitlines()
    assert first == "Stage 1 of the project is at its starter again."
    assert second.startswith("Your files are in ../.course/backups/")
    assert (project / "app.py").read_bytes() == STARTER
