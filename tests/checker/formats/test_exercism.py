"""Exercism's field rules, version 3 of its interface."""

import json
from typing import Any

import pytest
from hypothesis import given

from checker.formats import exercism
from checker.report import SubmissionResult
from tests.checker.formats.test_text import anything
from tests.checker.samples import HOSTILE, check, every_outcome, hostile, result


def validated(submission: SubmissionResult) -> dict[str, Any]:
    """Read what is written, and hold it to the rules of the interface document."""
    written = exercism.render(submission).encode("utf-8")
    value: dict[str, Any] = json.loads(written)
    assert set(value) <= {"version", "status", "message", "tests"}
    assert value["version"] == 3
    assert value["status"] in {"pass", "fail", "error"}
    if value["status"] == "error":
        assert 0 < len(value["message"]) <= 65_535
        assert "tests" not in value
        return value
    assert value["message"] is None
    for test in value["tests"]:
        assert set(test) <= {"name", "test_code", "status", "message", "output", "task_id"}
        assert test["name"]
        assert test["status"] in {"pass", "fail", "error"}
        assert test["status"] == "pass" or 0 < len(test["message"]) <= 65_535
        assert len(test.get("output", "")) <= 500
        assert isinstance(test["task_id"], int)
    return value


def test_every_outcome_in_the_order_of_the_page() -> None:
    value = validated(every_outcome())
    assert value["status"] == "fail"
    statuses = [test["status"] for test in value["tests"]]
    assert statuses == ["pass", "fail", "error", "error", "fail", "error"]


def test_all_passed() -> None:
    assert validated(result(check(), check()))["status"] == "pass"


def test_error_only_if_nothing_ran() -> None:
    value = validated(result(message="app.py was not found."))
    assert value == {"version": 3, "status": "error", "message": "app.py was not found."}


def test_long_output_is_cut_with_a_note_within_the_bound() -> None:
    test = validated(result(check("failed", output="x" * 3000)))["tests"][0]
    assert test["output"].endswith("(3000 characters in all)")


def test_a_long_message_is_cut() -> None:
    validated(result(check("failed", message="x" * 100_000)))
    validated(result(message="x" * 100_000))


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_text_keeps_the_rules(bad: str) -> None:
    validated(hostile(bad))


@given(anything)
def test_any_text_at_all(raw: str) -> None:
    validated(hostile(raw))
