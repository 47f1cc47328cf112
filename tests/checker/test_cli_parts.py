"""The smaller rooms behind the commands: differences, progress lines, and what a save is."""

from io import StringIO
from pathlib import Path

import pytest

from checker.audit import Finding as Broken
from checker.classroom import Classroom, Column, LessonCount, Row
from checker.commands.checking import exit_status
from checker.commands.difference import render
from checker.commands.doctor import Finding
from checker.commands.saves import Saves, is_of_interest
from checker.commands.screen import Screen, line, relative
from checker.commands.teaching import (
    GradeProgress,
    bar,
    duration,
    graded_lines,
    show_audit,
    show_findings,
)
from checker.grade import Graded, Step
from checker.report import CheckResult, Report, SubmissionResult

# ---------------------------------------------------------------- difference


def test_beside_each_other_on_a_wide_terminal() -> None:
    rows = [str(row) for row in render({"a": b"one\ntwo\n"}, {"a": b"one\n2\nthree\n"}, 100)]
    assert [row.split() for row in rows] == [
        ["a"],
        ["yours", "solution"],
        ["one", "one"],
        ["-", "two", "+", "2"],
        ["+", "three"],
        [],
    ]
    assert all(len(row) <= 100 for row in rows)


def test_one_below_the_other_on_a_narrow_terminal() -> None:
    rows = [str(row) for row in render({"a": b"one\n"}, {"a": b"two\n"}, 80)]
    assert rows == ["a", "--- yours", "+++ solution", "@@ -1 +1 @@", "-one", "+two", ""]


def test_wide_characters_and_long_lines_keep_the_columns() -> None:
    mine = {"a": "日本語".encode() * 30 + b"\n"}
    rows = [str(row) for row in render(mine, {"a": b"x\n"}, 100)]
    assert rows[2].startswith("- 日本語")
    assert "…" in rows[2]


def test_files_that_only_one_side_has() -> None:
    rows = [str(row) for row in render({"mine": b"1"}, {"ours": b"2"}, 80)]
    assert rows[0] == "mine: the solution has no such file"
    assert rows[1] == "ours: you have no such file yet"


def test_what_is_no_text_is_not_shown() -> None:
    rows = [str(row) for row in render({"a": b"\0\1"}, {"a": b"\0\2"}, 80)]
    assert rows == ["a: not a text, and not the same"]


def test_escapes_of_a_learner_are_shown_not_obeyed() -> None:
    shown = "".join(str(row) for row in render({"a\x1b": b"\x1b[2J\n"}, {"a\x1b": b""}, 80))
    assert "\x1b" not in shown
    assert "-\\x1b[2J" in shown


# ---------------------------------------------------------------- screen


def test_nothing_moves_where_there_is_no_terminal() -> None:
    screen = Screen(out := StringIO())
    screen.status("working")
    screen.clear()
    screen.say("done", line("", ""), line("deeper", "good", 2))
    assert out.getvalue() == "done\n\n  deeper\n"
    assert screen.width == 80


def test_a_quiet_screen_says_nothing() -> None:
    screen = Screen(out := StringIO(), quiet=True)
    screen.say("done")
    assert out.getvalue() == ""


def test_a_path_is_said_the_short_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert relative(tmp_path / "a") == "a"
    assert relative(Path("/a")) == "/a"


# ---------------------------------------------------------------- teaching


def test_a_bar_says_how_far_and_how_long() -> None:
    assert bar(6, 24, "ada, 01") == "━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 6/24 ada, 01"
    assert bar(24, 24, "\x1b", 3.2) == f"{'━' * 24} 24/24 \\x1b, 3 s left"
    assert duration(0.1) == "1 s"
    assert duration(200) == "3 min"


def test_plain_progress_is_at_most_twenty_one_lines() -> None:
    progress = GradeProgress(Screen(out := StringIO()))
    for done in range(1, 201):
        progress(Step(done, 200, 0, f"l{done}", "01-greet", "passed", 1.0))
    lines = out.getvalue().splitlines()
    assert len(lines) == 21
    assert lines[1] == "10/200 l10, 01-greet: passed, 1 s left"
    assert lines[-1] == "200/200 l200, 01-greet: passed"


def test_what_a_class_came_to_is_told() -> None:
    row = Row("eve\x1b", problems=["eve.zip is no zip."])
    count = LessonCount(Column("01-greet", "Greet", 4), 4, 1, 1, 1, 1)
    classroom = Classroom((count.column,), (row,), (count,), (), ())
    graded = Graded(Path("out"), classroom, 3, 1, tuple(f"f{i}" for i in range(7)))
    assert [str(item) for item in graded_lines(graded)] == [
        "1 learner, 4 submissions, 1 of them from an earlier run.",
        "  01-greet: 1 passed, 1 did not, 1 could not be checked, 1 by our fault not graded",
        "  eve\\x1b: eve.zip is no zip.",
        "Not a submission, and left out: f0, f1, f2, f3, f4 and 2 more",
        "Gradebook, report and pages are in out; begin with index.html.",
    ]


def test_an_audit_ends_with_a_sentence() -> None:
    screen = Screen(out := StringIO())
    assert show_audit([], screen, 7, 0)
    assert out.getvalue().startswith("Every promise is kept (7 lessons, ")
    assert not show_audit([Broken("01-greet/starter", "It passes.")], screen, 1, 0)
    assert "01-greet/starter: It passes.\n\n1 promise is broken (1 lesson, " in out.getvalue()


def test_findings_are_marked() -> None:
    screen = Screen(out := StringIO())
    assert show_findings([Finding("good", "a", "so"), Finding("note", "b", "so", "do")], screen)
    assert not show_findings([Finding("bad", "c", "so")], screen)
    assert out.getvalue() == "✔ a: so\n! b: so\n    do\n✘ c: so\n"


@pytest.mark.parametrize(
    ("outcome", "status"), [("passed", 0), ("failed", 1), ("crashed", 1), ("broken", 2)]
)
def test_the_exit_status_tells_whose_fault(outcome: str, status: int) -> None:
    check = CheckResult("a", "A.", 1, outcome, 0, 1)  # type: ignore[arg-type]
    passed = outcome == "passed"
    result = SubmissionResult("you", "01", "passed" if passed else "failed", 0, 1, checks=(check,))
    assert exit_status(Report({}, "process", (result,))) == status


# ---------------------------------------------------------------- saves


@pytest.mark.parametrize("name", ["app.py", "templates/index.html", "requirements.txt"])
def test_a_learners_file_is_of_interest(name: str) -> None:
    assert is_of_interest(Path("/w") / name, Path("/w"))


@pytest.mark.parametrize(
    "name", [".app.py.swp", "app.py~", "__pycache__/app.pyc", ".venv/x.py", "venv/x.py", "../x.py"]
)
def test_a_tools_file_is_not(name: str) -> None:
    path = Path("/x.py") if name.startswith("..") else Path("/w") / name
    assert not is_of_interest(path, Path("/w"))


def test_saves_in_a_row_come_as_one(tmp_path: Path) -> None:
    told: list[bool] = []
    with Saves(tmp_path, lambda: told.append(True)) as saves:
        changed: frozenset[Path] = frozenset()
        (tmp_path / "first.py").write_text("")
        changed |= saves.next()
        for name in ("a.py", "b.py"):
            (tmp_path / name).write_text("")
        while len(changed) < 3:
            changed |= saves.next()
    assert {path.name for path in changed} == {"first.py", "a.py", "b.py"}
    assert told
