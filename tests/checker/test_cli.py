"""The commands, in process, on a small course: every sentence that a learner can read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from checker.cli import course
from checker.commands import console
from tests.checker.small_course import SOLUTION, STARTER, NoPool, write_course

Run: TypeAlias = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `course` with arguments, in an empty folder, with a course of two lessons."""
    root = write_course(tmp_path / "course")
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("COURSE_LESSONS", str(root))
    monkeypatch.chdir(tmp_path / "home")
    monkeypatch.setattr(console, "open_pool", lambda *_: NoPool())

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(course, arguments, prog_name="course")

    return run


@pytest.fixture
def mine(run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start a workspace and step into it."""
    assert run("start").exit_code == 0
    monkeypatch.chdir("my-course")
    return Path.cwd()


def solve(folder: Path) -> None:
    (folder / "app.py").write_bytes(SOLUTION)


# ---------------------------------------------------------------- the program


def test_help_is_for_beginners(run: Run) -> None:
    for arguments in ([], ["--help"]):
        result = run(*arguments)
        assert result.exit_code == 0
        assert "course start      makes a folder with a starter per lesson" in result.output
        learn, teach = result.output.index("To learn:"), result.output.index("To teach:")
        assert learn < result.output.index("  check ") < teach < result.output.index("  grade ")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("start", "never changes a file of yours"),
        ("check", "LESSON is a number such as 4, or a name such as 04-event-handlers."),
        ("check", "Exit status: 0 everything passed, 1 something did not"),
        ("watch", "Check again each time you save, until you press Ctrl-C."),
        ("hint", "Hints come one at a time, each a little clearer than the one before."),
        ("diff", "Show your app beside the solution. Nothing is changed."),
        ("reset", "Put a lesson's starter back. Your files are kept in a backup."),
        ("solution", "Show a solution, once you have passed the lesson or asked twice."),
        ("grade", "interrupted run goes on where it stopped: give the same command again."),
        ("audit", "The solution passes, the starter does not"),
        ("doctor", "Tell whether this machine is ready, and what to do if not."),
    ],
)
def test_each_command_explains_itself(run: Run, command: str, sentence: str) -> None:
    assert sentence in " ".join(run(command, "--help").output.split())


def test_a_misspelt_command_gets_a_suggestion(run: Run) -> None:
    result = run("chekc")
    assert result.exit_code == 2
    assert result.stderr == "Error: There is no command 'chekc'. Did you mean `course check`?\n"
    assert run("zzz").stderr == "Error: There is no command 'zzz'. See `course --help`.\n"


def test_no_course_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LESSONS", "/nowhere")
    result = run("check")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: No course was found /nowhere: ")


def test_a_fault_of_ours_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(console, "load", fail)
    result = run("check")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: The course itself failed (ZeroDivisionError: division by zero). This is our "
        "fault, not yours. Set COURSE_DEBUG=1 and try again to see where.\n"
    )
    monkeypatch.setenv("COURSE_DEBUG", "1")
    assert isinstance(run("check").exception, ZeroDivisionError)


def test_ctrl_c_is_a_word_and_status_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(console, "load", interrupt)
    result = run("check")
    assert (result.exit_code, result.stderr) == (130, "\nStopped.\n")


def test_a_refusal_of_the_system_is_one_sentence() -> None:
    assert console.sentence_of(OSError(28, "No space left", "x")) == "x: No space left."
    assert console.sentence_of(OSError(28, "No space left")) == "No space left."


# ---------------------------------------------------------------- start


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


# ---------------------------------------------------------------- check


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


# ---------------------------------------------------------------- reports


def test_json_to_standard_output_is_all_that_is_there(run: Run, mine: Path) -> None:
    report = json.loads(run("check", "--json", "-").stdout)
    assert report["schema"] == 1
    assert report["submissions"][0]["checks"][0]["name"] == "says_hello"


@pytest.mark.parametrize(
    ("option", "starts"),
    [("json", "{"), ("junit", "<?xml"), ("exercism", "{"), ("gradescope", "{"), ("html", "<!")],
)
def test_every_format_can_be_written(run: Run, mine: Path, option: str, starts: str) -> None:
    result = run("check", f"--{option}", "report")
    assert Path("report").read_text().lower().startswith(starts)
    assert "Lesson 1: Greet" in result.output


@pytest.mark.parametrize("target", ["gone/report.json", "01-greet"])
def test_a_report_that_cannot_be_written_is_one_sentence(run: Run, mine: Path, target: str) -> None:
    result = run("check", "--json", target)
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: {target} cannot be written: there is no such folder for a file.\n"
    )


def test_only_one_report_fits_standard_output(run: Run, mine: Path) -> None:
    result = run("check", "--json", "-", "--junit", "-")
    assert result.exit_code == 2
    assert "Only one report can go to standard output (-)." in result.stderr


# ---------------------------------------------------------------- hint, diff, reset, solution


def test_hints_come_one_by_one_for_the_task_in_the_way(run: Run, mine: Path) -> None:
    (mine / "01-greet/app.py").write_text("'hello'\n")
    run("check")
    result = run("hint")
    assert result.output == (
        "Lesson 1, task 2: Say bye (hint 1 of 1)\n\nThe end?\n\n"
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
        "Lesson 1, task 1: Say hello (hint 1 of 2)\n\nIt is a word.\n\nOne more: `course hint 1`.\n"
    )
    for _ in range(2):
        assert "(hint 2 of 2)\n\nIt is *hello*.\n" in run("hint").output
    assert "(hint 1 of 2)" in run("hint", "--number", "1").output
    assert "(hint 2 of 2)" in run("hint").output
    assert "(hint 1 of 2)" in run("hint", "2").output


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


def test_when_all_is_done_commands_want_a_lesson(run: Run, mine: Path) -> None:
    for lesson in ("01-greet", "02-part"):
        solve(mine / lesson)
        run("check", lesson)
    done = "Every lesson has passed. To look at one again, name it: `course check 4`.\n"
    assert run("hint").output == run("diff").output == run("watch").output == done
    assert run("solution").stderr == (
        "Error: Which lesson? Name it, for example `course solution 4`.\n"
    )
