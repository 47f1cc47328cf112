"""Gradescope's ``results.json`` (its "Autograder Specifications")."""

from __future__ import annotations

import json
from collections.abc import Mapping

from checker.formats import text
from checker.report import CheckResult, Json, SubmissionResult


def render(result: SubmissionResult, *, versions: Mapping[str, str], sandbox: str) -> str:
    """Return one submission as ``results.json``. The score is the submission's points."""
    report: dict[str, Json] = {
        "score": result.points,
        "execution_time": round(result.seconds, 3),
        "output": _head(result, versions, sandbox),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "tests": [_test(check, number) for check, number in _numbered(result.checks)],
        "extra_data": {"lesson": result.lesson, "status": result.status},
    }
    return json.dumps(text.plain(report), ensure_ascii=False, indent=2) + "\n"


def _head(result: SubmissionResult, versions: Mapping[str, str], sandbox: str) -> str:
    mode = f"async mode {text.name(result.async_mode)}, " if result.async_mode else ""
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    checked = f"Checked with {mode}sandbox {sandbox}, {packages}."
    return f"{text.message(result.message)}\n\n{checked}" if result.message else checked


def _numbered(checks: tuple[CheckResult, ...]) -> list[tuple[CheckResult, str]]:
    """Number the checks within their task: 1.1, 1.2, 2.1."""
    seen: dict[int, int] = {}
    numbered = []
    for check in checks:
        seen[check.task] = seen.get(check.task, 0) + 1
        numbered.append((check, f"{check.task}.{seen[check.task]}"))
    return numbered


def _test(check: CheckResult, number: str) -> dict[str, Json]:
    return {
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if check.passed else "failed",
        "name": text.one_line(check.title),
        "number": number,
        "output": _output(check),
        "visibility": "visible",
        "extra_data": {"check": check.name, "outcome": check.outcome},
    }


def _output(check: CheckResult) -> str:
    parts = [text.message(part) for part in (check.message, check.help) if part]
    if check.output and not check.passed:
        parts.append(f"Your app printed:\n{text.output(check.output)}")
    return "\n\n".join(parts)
