"""The program itself: its help, how it fails in one sentence, and the reports that it writes."""

import json
import sys
from pathlib import Path

import pytest

from checker.commands import console
from tests.checker.commands.conftest import Run

# ---------------------------------------------------------------- the program


def test_help_is_for_beginners(run: Run) -> None:
    for arguments in ([], ["--help"]):
        result = run(*arguments)
        assert result.exit_code == 0
        assert "course start      makes a folder with a starter per lesson" in result.output
        assert "The project, in stages:  course check project/1\n" in result.output
        learn, teach = result.output.index("To learn:"), result.output.index("To teach:")
        assert learn < result.output.index("  check ") < teach < result.output.index("  grade ")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("start", "never changes a file of yours"),
        ("check", "LESSON is a number such as 4, or a name such as 04-event-handlers."),
        ("check", "LESSON is then project/1, project/2 and so on;"),
        ("check", "Exit status: 0 everything passed, 1 something did not"),
        ("start", "The project has one folder too"),
        ("reset", "The starter of project/2 is our app of the stage before, project/1."),
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


@pytest.mark.parametrize(
    "command", [["grade", ".", "--out", "out", "--lesson"], ["audit"]], ids=["grade", "audit"]
)
def test_what_is_for_lessons_takes_no_stage(run: Run, project: Path, command: list[str]) -> None:
    result = run(*command, "project/1")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: project/1 is a stage of the project; name a lesson, such as 4.\n"
    )


def test_a_learners_own_interpreter_is_for_no_stage(run: Run, project: Path) -> None:
    assert run("check", "project/1", "--python", sys.executable).stderr == (
        "Error: --python is for lesson 1, which checks an installation.\n"
    )


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
