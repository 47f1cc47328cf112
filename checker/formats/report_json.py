"""The report as JSON: schema 1 of DESIGN 6, whole or written piece by piece."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from checker.formats import text
from checker.report import SCHEMA, Json, Report, SubmissionResult

_NOT_ASCII = re.compile(r"[^\x00-\x7e]")


def render(report: Report) -> str:
    """Return the whole report as JSON text that ends in a newline."""
    return "".join(pieces(report.versions, report.sandbox, report.submissions))


def pieces(
    versions: Mapping[str, str], sandbox: str, submissions: Iterable[SubmissionResult]
) -> Iterator[str]:
    """Yield the text of a report, one submission at a time, so that a class need not fit in memory.

    Joined, the pieces are one JSON document. Each submission stands on one line.
    """
    yield f'{{"schema": {SCHEMA},\n "versions": {_dump(dict(versions))},\n'
    yield f' "sandbox": {_dump(sandbox)},\n "submissions": ['
    separator = "\n  "
    for submission in submissions:
        yield separator + _dump(_bounded(submission.to_json()))
        separator = ",\n  "
    yield "\n ]}\n"


def _bounded(submission: dict[str, Json]) -> dict[str, Json]:
    checks = submission["checks"]
    if isinstance(checks, list):
        for check in checks:
            if isinstance(check, dict) and isinstance(check["output"], str):
                check["output"] = text.cut_once(check["output"])
    return submission


def _dump(value: object) -> str:
    """Write JSON in UTF-8, with what is not visible as an escape (same value, safe to print)."""
    plain = text.plain(value)  # type: ignore[arg-type]
    return _NOT_ASCII.sub(_escape, json.dumps(plain, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return json.dumps(character)[1:-1] if text.is_hidden(character) else character
