"""Gradescope's field rules, from its autograder specification."""

import json
from typing import Any

import pytest
from hypothesis import given

from checker.formats import gradescope
from checker.report import SubmissionResult
from tests.checker.formats.test_text import anything
from tests.checker.samples import HOSTILE, VERSIONS, check, every_outcome, hostile, result

TOP = {
    "score", "execution_time", "output", "output_format", "test_output_format",
    "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format",
    "tags", "visibility", "extra_data",
}  # fmt: skip
VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "simple_format", "html", "md", "ansi"}


def validated(submission: SubmissionResult) -> dict[str, Any]:
    """Read what is written, and hold it to the rules."""
    written = gradescope.render(submission, versions=VERSIONS, sandbox="bubblewrap")
    value: dict[str, Any] = json.loads(written.encode("utf-8"))
    assert set(value) <= TOP
    assert type(value["score"]) in {int, float}
    assert type(value["execution_time"]) in {int, float}
    assert value["visibility"] in VISIBILITY
    formats = [value[key] for key in ("output_format", "test_output_format", "test_name_format")]
    assert set(formats) <= FORMATS
    for test in value["tests"]:
        assert set(test) <= TEST
        assert test["status"] in {"passed", "failed"}
        assert 0 <= test["score"] <= test["max_score"]
        assert isinstance(test["number"], str)
        assert test["visibility"] in VISIBILITY
    return value


def test_every_outcome() -> None:
    value = validated(every_outcome())
    assert value["score"] == sum(test["score"] for test in value["tests"]) == 2
    assert [test["status"] for test in value["tests"]] == ["passed"] + ["failed"] * 5


def test_checks_are_numbered_within_their_task() -> None:
    value = validated(result(check(task=1), check(task=1), check(task=3)))
    assert [test["number"] for test in value["tests"]] == ["1.1", "1.2", "3.1"]


def test_what_could_not_be_checked_scores_nothing_and_says_why() -> None:
    value = validated(result(message="app.py was not found."))
    assert (value["score"], value["tests"]) == (0, [])
    assert value["output"].startswith("app.py was not found.")


def test_versions_mode_and_sandbox_are_named() -> None:
    output = validated(every_outcome())["output"]
    assert "async mode threading, sandbox bubblewrap, python 3.11.7" in output


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_text_keeps_the_rules(bad: str) -> None:
    validated(hostile(bad))


@given(anything)
def test_any_text_at_all(raw: str) -> None:
    validated(hostile(raw))
