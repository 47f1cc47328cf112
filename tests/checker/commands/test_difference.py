"""A learner's app beside the solution."""

from pathlib import Path

from tests.checker.commands.conftest import Run, solve
from tests.checker.small_course import STARTER


def test_a_diff_touches_nothing(run: Run, mine: Path) -> None:
    (mine / "01-greet/own.txt").write_text("mine")
    result = run("diff")
    assert result.exit_code == 0
    assert "app.py\n--- yours\n+++ solution\n@@" in result.output
    assert "\n-# say something\n+print('hello')\n+print('bye')\n" in result.output
    assert "own.txt: the solution has no such file\n" in result.output
    assert (mine / "01-greet/app.py").read_bytes() == STARTER


def test_a_diff_of_the_same_says_so(run: Run, mine: Path) -> None:
    solve(mine / "01-greet")
    assert "app.py: the same as the solution\n" in run("diff", "1").output


def test_the_project_is_shown_beside_the_solution_of_a_stage(run: Run, project: Path) -> None:
    solve(project)
    assert "app.py: the same as the solution\n" in run("diff", "project/1").output
    assert "\n-print('bye')\n+print('song')\n" in run("diff", "project/2").output
