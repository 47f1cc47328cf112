"""Which lesson and which app a command means."""

from pathlib import Path

import pytest

from tests.checker.commands.conftest import Run, solve
from tests.checker.small_course import STARTER


@pytest.mark.parametrize("name", ["2", "02", "02-part", "02-part/", "02-part/app.py"])
def test_a_lesson_has_many_names(run: Run, mine: Path, name: str) -> None:
    assert "Lesson 2: Part again" in run("check", name).output


def test_inside_a_lessons_folder_it_is_that_lesson(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine / "02-part" / "notes")
    assert "Lesson 2: Part again" in run("check").output


def test_below_a_workspace_it_is_the_first_unsolved_lesson(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mine / "other").mkdir()
    monkeypatch.chdir(mine / "other")
    assert "Lesson 1: Greet" in run("check").output


@pytest.mark.parametrize("path", ["app.py", "."])
def test_without_a_workspace_a_path_is_enough(run: Run, path: str) -> None:
    solve(Path.cwd())
    result = run("check", "1", path)
    assert result.exit_code == 0
    assert "Next comes lesson 2: Part again.\n" in result.output


def test_without_a_path_the_app_of_this_folder_is_checked(run: Run) -> None:
    Path("02-part").mkdir()
    solve(Path("02-part"))
    assert run("check", "2").exit_code == 0
    Path("app.py").write_bytes(STARTER)
    assert run("check", "1").exit_code == 1


def test_another_folder_does_not_count_as_progress(run: Run, mine: Path, tmp_path: Path) -> None:
    solve(tmp_path)
    assert run("check", "1", str(tmp_path)).exit_code == 0
    assert "Lesson 1: Greet" in run("check").output


def test_the_workspaces_own_app_by_path_counts(run: Run, mine: Path) -> None:
    solve(mine / "01-greet")
    assert run("check", "1", "01-greet/app.py").exit_code == 0
    assert "Lesson 2: Part again" in run("check").output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["check"],
            "There is no workspace here. Run `course start` to make one, or name a lesson and "
            "your app: `course check 1 path/to/app.py`.",
        ),
        (
            ["check", "1"],
            "There is no app.py here. Name yours, `course check 1 path/to/app.py`, or run "
            "`course start` to make a workspace.",
        ),
        (["check", "9"], "There is no lesson '9'; the lessons are 1, 2."),
        (["check", "1", "gone"], "gone is not there; name a folder or an app.py."),
        (
            ["check", "."],
            ". is a path; name the lesson first, for example `course check 4 .`.",
        ),
        (["reset", "1"], "There is no workspace here; `course start` makes one."),
    ],
)
def test_what_names_nothing_is_one_sentence(run: Run, arguments: list[str], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr == f"Error: {sentence}\n"
    assert result.stdout == ""


def test_a_near_name_gets_a_suggestion(run: Run) -> None:
    assert "Did you mean 01-greet?" in run("check", "01-great").stderr


def test_a_lost_lesson_folder_is_one_sentence(run: Run, mine: Path) -> None:
    (mine / "01-greet").rename(mine / "moved")
    result = run("check", "1")
    assert result.exit_code == 2
    assert result.stderr.endswith("01-greet is not there; `course start` makes it again.\n")


def test_when_all_is_done_commands_want_a_lesson(run: Run, mine: Path) -> None:
    for lesson in ("01-greet", "02-part"):
        solve(mine / lesson)
        run("check", lesson)
    done = "Every lesson has passed. To look at one again, name it: `course check 4`.\n"
    assert run("hint").output == run("diff").output == run("watch").output == done
    assert run("solution").stderr == (
        "Error: Which lesson? Name it, for example `course solution 4`.\n"
    )
