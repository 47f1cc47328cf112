"""What `course check` says of an app, and where it sends its learner next."""

import json
from pathlib import Path

import pytest

from tests.checker.commands.conftest import Run, solve
from tests.checker.small_course import SONG


def test_check_shows_the_first_failure_and_where_to_go(run: Run, mine: Path) -> None:
    (mine / "01-greet/app.py").write_text("print('good morning')\n")
    result = run("check")
    assert result.exit_code == 1
    assert "Lesson 1: Greet\n" in result.output
    assert "\n  ✘ The app says hello.  0/1\n" in result.output
    assert "\n  – The app says bye.  (This waits for: The app says hello.)\n" in result.output
    assert "\n    app.py, line 1: print('good morning')\n" in result.output
    assert "\n    Try: Write `hello`.\n" in result.output
    assert "\n1 of 4 points · 1 of 3 checks passed · " in result.output
    assert "\nRead task 1, Say hello: " in result.output
    assert "01-greet/lesson.md:1\n" in result.output
    assert "\nStuck? `course hint 1` gives a hint, one step at a time.\n" in result.output


def test_check_counts_other_failures(run: Run, mine: Path) -> None:
    (mine / "01-greet/app.py").write_text("# " + "long " * 100)
    assert "  1 more check did not pass; begin with this one.\n" in run("check").output


def test_check_passes_and_names_the_next_lesson(run: Run, mine: Path) -> None:
    solve(mine / "01-greet")
    result = run("check")
    assert result.exit_code == 0
    assert result.output.endswith(
        "\nLesson 1 is done.\nNext comes lesson 2: Part again. Your files for it are in 02-part.\n"
    )
    assert "Lesson 2: Part again" in run("check").output


def test_check_after_the_last_lesson(run: Run, mine: Path) -> None:
    for lesson in ("01-greet", "02-part"):
        solve(mine / lesson)
    run("check")
    assert run("check").output.endswith(
        "\nLesson 2 is done.\nIt was the last lesson. `course diff 2` shows your app beside ours.\n"
    )
    result = run("check")
    assert (result.exit_code, result.output) == (
        0,
        "Every lesson has passed. To look at one again, name it: `course check 4`.\n",
    )


def test_a_folder_without_an_app_is_an_error_of_the_submission(run: Run, mine: Path) -> None:
    (mine / "01-greet/app.py").unlink()
    result = run("check", "1", "--json", "report.json")
    assert result.exit_code == 1
    assert "  app.py was not found; the lesson's app must be in a file of that name." in (
        result.output
    )
    (submission,) = json.loads(Path("report.json").read_text())["submissions"]
    assert submission["status"] == "error"


def test_what_cannot_be_read_is_an_error_of_the_submission(run: Run, mine: Path) -> None:
    (mine / "01-greet/link.py").symlink_to("app.py")
    result = run("check", "1", "--json", "-")
    assert result.exit_code == 1
    (submission,) = json.loads(result.stdout)["submissions"]
    assert submission["message"] == "link.py is a symbolic link; copy the file itself."
    assert submission["max_points"] == 4


def test_a_broken_check_is_our_fault_and_status_2(run: Run, mine: Path) -> None:
    (mine / "01-greet/app.py").write_text("hello bye 1 / 0")
    (mine / "01-greet/app.py").write_text("'hello', 'bye', 1 / 0\n")
    result = run("check")
    assert result.exit_code == 2
    assert "our fault, not yours" in result.output


def test_what_an_app_says_cannot_move_the_cursor(run: Run, mine: Path) -> None:
    (mine / "01-greet/app.py").write_text("# \x1b[2J\x1b]0;title\x07 \u202e\n")
    result = run("check")
    assert "Your app does not say hello: # \\x1b[2J\\x1b]0;title\\x07 \\u202e" in result.output
    assert "\x1b" not in result.output


def test_damaged_progress_is_said(run: Run, mine: Path) -> None:
    (mine / ".course/progress.json").write_text("spoiled")
    result = run("check")
    assert result.exit_code == 1
    assert "Note: " in result.stderr
    assert "could not be understood" in result.stderr


def test_progress_that_cannot_be_kept_does_not_hide_the_result(run: Run, mine: Path) -> None:
    solve(mine / "01-greet")
    (mine / ".course/lock").mkdir()
    result = run("check", "1")
    assert result.exit_code == 0
    assert "Your progress could not be saved in " in result.output


# ---------------------------------------------------------------- the project


def test_a_stage_is_checked_like_a_lesson(run: Run, project: Path) -> None:
    (project / "app.py").write_text("print('good morning')\n")
    result = run("check", "project/1")
    assert result.exit_code == 1
    assert result.output.startswith("Stage 1 of the project: Hum\n\n  ✘ The app says hello.  0/1\n")
    assert "modes/project/01-hum/lesson.md:1\n" in result.output
    assert result.output.endswith(
        "\nStuck? `course hint project/1` gives a hint, one step at a time.\n"
    )


def test_a_stage_that_passed_names_the_next_and_the_app_grows(run: Run, project: Path) -> None:
    solve(project)
    result = run("check", "project/1")
    assert result.exit_code == 0
    assert result.output.endswith(
        "\nStage 1 of the project is done.\nNext comes stage 2: Sing. Go on with the app that you "
        "have:\n`course check project/2`.\n"
    )
    result = run("check", "project/2")
    assert "Stage 2 of the project: Sing\n\n  ✔ The app says hello.  1/1\n" in result.output
    assert "Your app does not say song." in result.output


def test_after_the_last_stage_the_project_is_built(run: Run, project: Path) -> None:
    solve(project, SONG)
    assert run("check", "project/2").output.endswith(
        "\nStage 2 of the project is done.\nIt was the last stage: the project is built.\n"
        "`course diff project/2` shows your app beside ours.\n"
    )


def test_outside_a_workspace_what_comes_next_names_the_app(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my poll").mkdir()
    solve(Path("my poll"))
    assert run("check", "project/1", "my poll").output.endswith(
        "\n`course check project/2 'my poll'`.\n"
    )
    solve(Path("my poll"), SONG)
    assert run("check", "project/2", "my poll/app.py").output.endswith(
        "\n`course diff project/2 'my poll/app.py'` shows your app beside ours.\n"
    )
    solve(Path("my poll"))
    assert run("check", "2", "my poll").output.endswith("stages: `course check project/1`.\n")


def test_after_the_last_lesson_comes_the_project(run: Run, project: Path) -> None:
    solve(project.parent / "02-part")
    assert run("check", "2").output.endswith(
        "\nIt was the last lesson. `course diff 2` shows your app beside ours.\n"
        "Now build the project, one app that grows in stages: `course check project/1`.\n"
    )
    solve(project)
    run("check", "project/1")
    assert run("check", "2").output.endswith("stages: `course check project/2`.\n")
    solve(project, SONG)
    run("check", "project/2")
    assert run("check", "2").output.endswith("`course diff 2` shows your app beside ours.\n")


def test_a_stages_report_has_its_slug(run: Run, project: Path) -> None:
    report = json.loads(run("check", "project/2", "--json", "-").stdout)
    assert report["submissions"][0]["lesson"] == "project/02-sing"
