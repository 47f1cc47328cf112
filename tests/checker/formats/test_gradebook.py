"""The gradebook: one row per learner whatever happened, and no cell that anybody executes."""

import csv
import io

import pytest
from hypothesis import given

from checker.classroom import Column, Tally
from checker.formats import gradebook
from checker.report import SubmissionResult
from tests.checker.formats.test_text import anything
from tests.checker.samples import HOSTILE, check, hostile, result

COLUMNS = (Column("03-initialise", "3. Initialise", 4), Column("04-event-handlers", "4. Events", 6))


def table(*results: SubmissionResult) -> list[dict[str, str]]:
    tally = Tally(COLUMNS)
    for one in results:
        tally.add(one)
    written = gradebook.render(tally.classroom(), "bubblewrap")
    rows = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    assert rows[0] == [
        "learner", "03-initialise", "04-event-handlers", "points", "max_points", "percent",
        "lessons_passed", "problem", "sandbox",
    ]  # fmt: skip
    assert all(len(row) == len(rows[0]) for row in rows)
    assert {row[-1] for row in rows[1:]} <= {"bubblewrap"}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_points_per_lesson_and_in_all() -> None:
    (row,) = table(
        result(check(), check(), lesson="03-initialise"),
        result(check(), check("failed"), lesson="04-event-handlers"),
    )
    assert list(row.values()) == ["alice", "4", "2", "6", "10", "60.0", "1", "", "bubblewrap"]


def test_what_was_not_handed_in_is_empty_and_not_zero() -> None:
    (row,) = table(result(check("failed"), lesson="04-event-handlers"))
    assert (row["03-initialise"], row["04-event-handlers"]) == ("", "0")


def test_an_unreadable_hand_in_keeps_its_row() -> None:
    rows = table(result(learner="bob", lesson="", message="`bob.zip` is not a zip."))
    assert [(row["learner"], row["problem"]) for row in rows] == [
        ("bob", "`bob.zip` is not a zip.")
    ]


def test_an_error_in_one_lesson_names_the_lesson() -> None:
    (row,) = table(result(message="app.py is empty."))
    assert row["problem"] == "04-event-handlers: app.py is empty."
    assert row["04-event-handlers"] == "0"


def test_our_own_fault_is_no_zero() -> None:
    (row,) = table(result(check(), check("broken", message="The checker itself failed.")))
    assert row["04-event-handlers"] == ""
    assert "The checker itself failed." in row["problem"]


@pytest.mark.parametrize("start", [*"=+-@\t\r\uff1d%|", " ="])
def test_cells_that_begin_like_a_formula_are_guarded(start: str) -> None:
    (row,) = table(result(check(), learner=f"{start}cmd|' /C calc'!A0"))
    assert row["learner"][0] in "'\\"


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_names_stay_one_cell(bad: str) -> None:
    table(hostile(bad), result(lesson="", learner="bob", message=bad))


@given(anything.filter(bool), anything)
def test_any_text_at_all(name: str, message: str) -> None:
    (row,) = table(result(lesson="", learner=name, message=message))
    for cell in row.values():
        assert cell.lstrip()[:1] not in set("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
        assert "\n" not in cell
