"""Which lesson and which app a command means."""

from pathlib import Path

import pytest

from tests.checker.commands.conftest import Run, solve
from tests.checker.small_course import SOLUTION, SONG, STARTER


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


# ---------------------------------------------------------------- the project


@pytest.mark.parametrize("name", ["project/1", "project/01", "project/01-hum", "project/1/"])
def test_a_stage_has_many_names(run: Run, project: Path, name: str) -> None:
    assert "Stage 1 of the project: Hum" in run("check", name).output


@pytest.mark.parametrize("arguments", [[], ["../project"], ["app.py"]])
def test_inside_the_project_it_is_the_first_stage_that_has_not_passed(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(project)
    for content, begins in (
        (STARTER, "Stage 1 of the project: Hum"),
        (SOLUTION, "Stage 1 of the project: Hum"),
        (SONG, "Stage 2 of the project: Sing"),
        (STARTER, "Stage 2 of the project: Sing"),
    ):
        solve(project, content)
        assert run("check", *arguments).output.startswith(begins)


def test_the_projects_folder_by_name_is_the_project(run: Run, project: Path) -> None:
    solve(project)
    assert "Stage 1 of the project is done." in run("check", "project").output
    assert run("check", "project/app.py").output.startswith("Stage 2 of the project: Sing\n")


def test_the_projects_own_app_by_path_counts(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(tmp_path)
    assert run("check", "project/1", str(tmp_path)).exit_code == 0
    assert "Stage 1 of the project: Hum" in run("check", "project").output
    solve(project)
    assert run("check", "project/1", "project/app.py").exit_code == 0
    assert "Stage 2 of the project: Sing" in run("check", "project").output


def test_a_workspace_from_before_the_project_is_told_what_to_do(run: Run, project: Path) -> None:
    project.rename(project.parent / "moved")
    for command in ("check", "watch", "diff"):
        result = run(command, "project/1")
        assert result.exit_code == 2
        assert result.stderr == f"Error: {project} is not there; `course start` makes it.\n"
    assert run("hint", "project/1").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["check", "project/9"],
            "There is no lesson 'project/9'; the lessons are 1, 2, and the stages of the project "
            "project/1, project/2.",
        ),
        (
            ["reset", "project"],
            "There is no lesson 'project'; the lessons are 1, 2, and the stages of the project "
            "project/1, project/2.",
        ),
        (["check", "project/1", "gone"], "gone is not there; name a folder or an app.py."),
        (
            ["check", "../project"],
            "../project is a path; name the lesson first, for example "
            "`course check project/1 ../project`.",
        ),
    ],
)
def test_what_names_no_stage_is_one_sentence(
    run: Run, project: Path, arguments: list[str], sentence: str
) -> None:
    Path("../project").mkdir()
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"Error: {sentence}\n"


def test_without_a_workspace_a_stage_wants_an_app(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("check", "project/1").stderr == (
        "Error: There is no app.py here. Name yours, `course check project/1 path/to/app.py`, or "
        "run `course start` to make a workspace.\n"
    )
    assert "There is no lesson 'project'; " in run("check", "project").stderr
    assert run("reset", "project/1").stderr == (
        "Error: There is no workspace here; `course start` makes one.\n"
    )
    Path("project").mkdir()
    solve(Path("project"))
    assert run("check", "project/1").exit_code == 0


def test_without_a_project_there_are_no_stages(run: Run, mine: Path) -> None:
    (mine / "project").mkdir()
    solve(mine / "project")
    assert run("check", "project/1").stderr == (
        "Error: There is no lesson 'project/1'; the lessons are 1, 2.\n"
    )
    assert run("check", "project").stderr == (
        "Error: project is a path; name the lesson first, for example `course check 4 project`.\n"
    )


def test_when_all_lessons_are_done_the_project_is_named(run: Run, project: Path) -> None:
    for lesson in ("01-greet", "02-part"):
        solve(project.parent / lesson)
        run("check", lesson)
    done = "Every lesson has passed. To look at one again, name it: `course check 4`.\n"
    left = "The project is still to be built: `course check project/{}`.\n"
    assert run("check").output == run("hint").output == done + left.format(1)
    solve(project)
    run("check", "project/1")
    assert run("check").output == done + left.format(2)
    solve(project, SONG)
    run("check", "project/2")
    assert run("check").output == done
