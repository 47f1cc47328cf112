"""What `course check` says of an app, and where it sends its learner next."""

import json
from pathlib import Path

from tests.checker.commands.conftest import Run, solve


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
        "\nLesson 2 is done.\nIt was the last lesson. `course diff` shows your app beside ours.\n"
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
