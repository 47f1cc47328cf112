"""Hints and solutions: every sentence that a learner can read."""

from pathlib import Path

import pytest

from tests.checker.commands.conftest import Run, solve


def test_hints_come_one_by_one_for_the_task_in_the_way(run: Run, mine: Path) -> None:
    (mine / "01-greet/app.py").write_text("'hello'\n")
    run("check")
    result = run("hint")
    assert result.output == (
        "Lesson 1, task 2: Say bye (hint 1)\n\nThe end?\n\n"
        "That was the last hint. The solution: `course solution 1`.\n"
    )


def test_a_hint_is_for_the_lesson_that_was_checked_last(run: Run, mine: Path) -> None:
    assert run("hint").output.startswith("Lesson 1, task 1: ")
    run("check", "2")
    assert run("hint").output.startswith("Lesson 2, task 1: ")
    solve(mine / "02-part")
    run("check", "2")
    assert run("hint").output.startswith("Lesson 1, task 1: ")


def test_a_hint_is_remembered(run: Run, mine: Path) -> None:
    assert run("hint").output == (
        "Lesson 1, task 1: Say hello (hint 1)\n\nIt is a word.\n\nOne more: `course hint 1`.\n"
    )
    for _ in range(2):
        assert "(hint 2)\n\nIt is *hello*.\n" in run("hint").output
    assert "(hint 1)" in run("hint", "--number", "1").output
    assert "(hint 2)" in run("hint").output
    assert "(hint 1)" in run("hint", "2").output


def test_a_hint_for_a_named_task(run: Run, mine: Path) -> None:
    result = run("hint", "--task", "1")
    assert result.output.endswith("\nOne more: `course hint 1 --task 1`.\n")


def test_hints_without_a_workspace_name_their_number(run: Run) -> None:
    result = run("hint", "1")
    assert result.exit_code == 0
    assert result.output.endswith("\nOne more: `course hint 1 --task 1 --number 2`.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--task", "7"], "Lesson 1 has no hints for a task 7; there are some for 1, 2."),
        (["--number", "3"], "Task 1 has hints 1 to 2; there is no hint 3."),
    ],
)
def test_a_hint_that_is_none_is_one_sentence(
    run: Run, mine: Path, arguments: list[str], sentence: str
) -> None:
    result = run("hint", *arguments)
    assert (result.exit_code, result.stderr) == (2, f"Error: {sentence}\n")


def test_a_solution_is_shown_when_asked_twice(run: Run, mine: Path) -> None:
    result = run("solution", "1")
    assert (result.exit_code, result.output) == (
        1,
        "Lesson 1 has not passed yet. A hint may be all you need: `course hint 1`.\n"
        "To see the solution now, give this command once more.\n",
    )
    result = run("solution", "1")
    assert (result.exit_code, result.output) == (
        0,
        "--- app.py ---\nprint('hello')\nprint('bye')\n\n",
    )


def test_a_solution_is_shown_after_a_pass(run: Run, mine: Path) -> None:
    solve(mine / "01-greet")
    run("check")
    assert run("solution", "1").exit_code == 0


def test_a_solution_without_a_workspace_wants_yes(run: Run) -> None:
    result = run("solution", "1")
    assert result.exit_code == 1
    assert "To see the solution now, give `course solution 1 --yes`.\n" in result.output
    assert run("solution", "1", "--yes").exit_code == 0


# ---------------------------------------------------------------- the project


def test_hints_for_a_stage(run: Run, project: Path) -> None:
    assert run("hint", "project/1").output == (
        "Stage 1 of the project, task 1: Say hello (hint 1)\n\nIt is a word.\n\n"
        "One more: `course hint project/1`.\n"
    )
    assert run("hint", "project/01").output.endswith(
        "That was the last hint. The solution: `course solution project/1`.\n"
    )
    assert run("hint", "project/2", "--task", "7").stderr == (
        "Error: Stage 2 of the project has no hints for a task 7; there are some for 1, 2.\n"
    )


def test_a_hint_is_for_the_stage_that_was_checked_last(run: Run, project: Path) -> None:
    run("check", "project/2")
    assert run("hint").output.startswith("Stage 2 of the project, task 1: ")
    run("check", "1")
    assert run("hint").output.startswith("Lesson 1, task 1: ")


def test_inside_the_project_a_hint_is_for_the_stage_one_is_at(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(project)
    run("check", "project/1")
    monkeypatch.chdir(project)
    assert run("hint").output.startswith("Stage 2 of the project, task 1: ")


def test_a_stages_solution_is_shown_when_asked_twice(run: Run, project: Path) -> None:
    result = run("solution", "project/1")
    assert (result.exit_code, result.output) == (
        1,
        "Stage 1 of the project has not passed yet. A hint may be all you need: "
        "`course hint project/1`.\nTo see the solution now, give this command once more.\n",
    )
    assert run("solution", "project/1").output.startswith("--- app.py ---\nprint('hello')\n")


def test_a_stages_solution_is_shown_after_a_pass(run: Run, project: Path) -> None:
    solve(project)
    run("check", "project/1")
    assert run("solution", "project/1").exit_code == 0


def test_a_stages_solution_without_a_workspace_wants_yes(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("solution", "project/2")
    assert "To see the solution now, give `course solution project/2 --yes`.\n" in result.output
    assert "print('song')" in run("solution", "project/2", "--yes").output
