"""Exercism's ``results.json``, version 3 (exercism/docs, test-runners/interface.md)."""

from __future__ import annotations

import json

from checker.formats import text
from checker.report import CheckResult, Json, Outcome, SubmissionResult

VERSION = 3
MAX_MESSAGE = 65_535
MAX_OUTPUT = 500

_STATUS: dict[Outcome, str] = {
    "passed": "pass",
    "failed": "fail",
    "skipped": "fail",
    "crashed": "error",
    "timed_out": "error",
    "broken": "error",
}


def render(result: SubmissionResult) -> str:
    """Return one submission as ``results.json``; its tests are in the order of the page."""
    if result.status == "error":
        report: dict[str, Json] = {
            "version": VERSION,
            "status": "error",
            "message": _message(result.message, None) or "No check could run.",
        }
    else:
        report = {
            "version": VERSION,
            "status": "pass" if result.status == "passed" else "fail",
            "message": None,
            "tests": [_test(check) for check in result.checks],
        }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _test(check: CheckResult) -> dict[str, Json]:
    test: dict[str, Json] = {
        "name": text.one_line(check.title),
        "task_id": check.task,
        "status": _STATUS[check.outcome],
    }
    if not check.passed:
        test["message"] = _message(check.message, check.help) or "This check did not pass."
    if check.output:
        test["output"] = text.cut(text.clean(check.output), MAX_OUTPUT)
    return test


def _message(message: str | None, help: str | None) -> str:
    parts = [part for part in (message, help) if part]
    return text.cut(text.clean("\n\n".join(parts)), MAX_MESSAGE)
