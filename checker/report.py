"""The result model: what one check, one submission and one whole run came to.

Everything that leaves the checker (terminal, JSON, HTML, CSV, the browser) is made from these
frozen values, and nothing a submission does can build one: verdicts are formed in this process.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Outcome = Literal["passed", "failed", "crashed", "timed_out", "skipped", "broken"]
Status = Literal["passed", "failed", "error"]

SCHEMA = 1
OUTPUT_SHOWN = 500
"""Characters of learner output that a report shows; a cut is announced."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
ITEMS_SHOWN = 50
"""Items of a list or an object that a report shows."""
MESSAGE_SHOWN = 4000
"""Characters of a message or a help text that a report shows."""


def bounded(text: str, limit: int = OUTPUT_SHOWN) -> str:
    """Return ``text`` cut to ``limit`` characters, with the cut announced."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… (cut here: {len(text) - limit} more characters)"


def excerpt(text: str) -> str:
    """Return what a learner's app printed: beginning and end of it, with a cut announced.

    What went wrong stands last in a traceback. Colours of a terminal are taken away.
    """
    text = _COLOURS.sub("", text)
    if len(text) <= OUTPUT_SHOWN:
        return text
    first = text[: OUTPUT_SHOWN // 5].rpartition("\n")[0] or text[: OUTPUT_SHOWN // 5]
    room = OUTPUT_SHOWN - OUTPUT_SHOWN // 5
    last = text[-room:].partition("\n")[2] or text[-room:]
    left_out = len(text) - len(first) - len(last)
    return f"{first}\n… (cut here: {left_out} more characters)\n{last}"


def trimmed(value: Json, depth: int = 12) -> Json:
    """Return a value of a learner's with every text, list and number in it cut to a fair size."""
    if isinstance(value, str):
        return bounded(value.encode("utf-8", "replace").decode())
    if isinstance(value, dict | list) and depth == 0:
        return "…"
    if isinstance(value, dict):
        pairs = list(value.items())[:ITEMS_SHOWN]
        return {str(trimmed(key)): trimmed(item, depth - 1) for key, item in pairs}
    if isinstance(value, list):
        return [trimmed(item, depth - 1) for item in value[:ITEMS_SHOWN]]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and abs(value) >= 1 << 63:
        return "a very large number"
    return value


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check saw. ``line`` is a line of ``app.py``; ``seconds`` is wall time."""

    name: str
    title: str
    task: int
    outcome: Outcome
    points: int
    max_points: int
    message: str | None = None
    help: str | None = None
    line: int | None = None
    expected: Json = None
    observed: Json = None
    output: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether the check gave its points."""
        return self.outcome == "passed"

    def to_json(self) -> dict[str, Json]:
        """Return the check as the report's schema 1 has it."""
        return {
            "name": self.name,
            "title": self.title,
            "task": self.task,
            "outcome": self.outcome,
            "points": self.points,
            "max_points": self.max_points,
            "message": self.message,
            "help": self.help,
            "line": self.line,
            "expected": self.expected,
            "observed": self.observed,
            "output": self.output,
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CheckResult:
        """Read what `to_json` wrote; unknown or missing keys raise TypeError."""
        return cls(**cast("dict[str, Any]", dict(value)))


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """One learner's work on one lesson. ``error`` means that no check could run."""

    learner: str
    lesson: str
    status: Status
    points: int
    max_points: int
    async_mode: str | None = None
    seconds: float = 0.0
    message: str | None = None
    checks: tuple[CheckResult, ...] = ()

    @property
    def first_failure(self) -> CheckResult | None:
        """The first check that did not pass, in page order."""
        return next((check for check in self.checks if not check.passed), None)

    def to_json(self) -> dict[str, Json]:
        """Return the submission as the report's schema 1 has it."""
        return {
            "learner": self.learner,
            "lesson": self.lesson,
            "status": self.status,
            "points": self.points,
            "max_points": self.max_points,
            "async_mode": self.async_mode,
            "seconds": round(self.seconds, 3),
            "message": self.message,
            "checks": [check.to_json() for check in self.checks],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> SubmissionResult:
        """Read what `to_json` wrote; unknown or missing keys raise TypeError."""
        fields = dict(value)
        checks = tuple(CheckResult.from_json(check) for check in fields.pop("checks"))
        return cls(**fields, checks=checks)


@dataclass(frozen=True, slots=True)
class Report:
    """One or many submissions, with the versions and the sandbox they were checked under."""

    versions: Mapping[str, str]
    sandbox: str
    submissions: tuple[SubmissionResult, ...] = field(default=())

    def to_json(self) -> dict[str, Json]:
        """Return the whole report, schema 1 (DESIGN 6)."""
        return {
            "schema": SCHEMA,
            "versions": dict(self.versions),
            "sandbox": self.sandbox,
            "submissions": [submission.to_json() for submission in self.submissions],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Report:
        """Read a report of schema 1; another schema raises ValueError."""
        if value.get("schema") != SCHEMA:
            raise ValueError(f"This report has schema {value.get('schema')!r}, not {SCHEMA}.")
        submissions = cast("Sequence[Mapping[str, Any]]", value["submissions"])
        return cls(
            versions=dict(value["versions"]),
            sandbox=value["sandbox"],
            submissions=tuple(SubmissionResult.from_json(item) for item in submissions),
        )
