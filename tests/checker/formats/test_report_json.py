"""The JSON report is schema 1, to the letter."""

import json

import pytest
from hypothesis import given

from checker.formats import report_json, text
from checker.report import Report
from tests.checker.formats.test_text import anything
from tests.checker.samples import HOSTILE, check, every_outcome, hostile, report, result

TOP = {"schema", "versions", "sandbox", "submissions"}
SUBMISSION = {
    "learner", "lesson", "status", "points", "max_points", "async_mode", "seconds", "message",
    "checks",
}  # fmt: skip
CHECK = {
    "name", "title", "task", "outcome", "points", "max_points", "message", "help", "line",
    "expected", "observed", "output", "seconds",
}  # fmt: skip


def test_it_has_the_keys_of_the_design_and_no_others() -> None:
    value = json.loads(report_json.render(report(every_outcome())))
    assert set(value) == TOP
    assert value["schema"] == 1
    assert set(value["submissions"][0]) == SUBMISSION
    assert all(set(one) == CHECK for one in value["submissions"][0]["checks"])


def test_what_is_written_is_read_again() -> None:
    before = report(every_outcome(), result(message="app.py is empty; write your app in it."))
    assert json.loads(report_json.render(before)) == before.to_json()
    assert Report.from_json(json.loads(report_json.render(before))).to_json() == before.to_json()


def test_a_report_of_nothing_is_json_too() -> None:
    assert json.loads(report_json.render(report()))["submissions"] == []


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_text_keeps_the_report_valid_and_safe_to_print(bad: str) -> None:
    written = report_json.render(report(hostile(bad)))
    written.encode("utf-8")
    assert not [c for c in written if text.is_hidden(c) and c != "\n"]
    learner = json.loads(written)["submissions"][0]["learner"]
    assert learner == bad.encode("utf-8", "replace").decode()


@given(anything)
def test_any_text_at_all(raw: str) -> None:
    value = json.loads(report_json.render(report(hostile(raw))))
    assert set(value["submissions"][0]) == SUBMISSION


def test_output_is_bounded() -> None:
    long = result(check("failed", output="x" * 10_000))
    value = json.loads(report_json.render(report(long)))
    assert len(value["submissions"][0]["checks"][0]["output"]) < 560


def test_values_that_are_no_json_do_not_spoil_it() -> None:
    written = report_json.render(report(hostile("x", float("inf"))))
    assert json.loads(written, parse_constant=pytest.fail)
