"""Results as HTML: a page per learner and one for the class, each complete in itself.

Jinja escapes every value, and `text.clean` goes over it first, so that no template can forget.
The pages ask for nothing over the network, and their content policy would not let them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from checker.classroom import Classroom, Column, Standing, standing_of
from checker.formats import text
from checker.formats.quote import values
from checker.report import CheckResult, Outcome, Report, SubmissionResult

MOST_CHECKS = 30
"""Failing checks that the class page lists."""
_BACKTICKS = re.compile(r"`([^`\n]+)`")
_TEMPLATES = Path(__file__).parent / "templates"
_MARKS: dict[Outcome, tuple[str, str]] = {
    "passed": ("✔", "passed"),
    "failed": ("✘", "not passed"),
    "crashed": ("✘", "stopped with an exception"),
    "timed_out": ("✘", "no answer in time"),
    "skipped": ("–", "not run"),
    "broken": ("!", "could not be checked, by our fault"),
}
_SAID: dict[Standing, str] = {
    "passed": "passed",
    "failed": "not yet passed",
    "error": "could not be checked",
    "ungraded": "could not be graded, by our fault",
}

Quoted = tuple[SubmissionResult, Mapping[str, str]]
"""A result, and for each check that speaks of one the learner's own line."""


def render(report: Report, *, titles: Mapping[str, str], quotes: Mapping[str, str]) -> str:
    """Return one page for the submissions of one learner (the first that the report has).

    ``titles`` maps lessons to titles, ``quotes`` checks to the learner's own lines.
    """
    columns = [Column(slug, title, 0) for slug, title in titles.items()]
    learner = report.submissions[0].learner
    results = [(result, quotes) for result in report.submissions if result.learner == learner]
    return Paper(columns, report.versions, report.sandbox).learner(learner, results)


@dataclass(frozen=True)
class Paper:
    """What all pages of one run have in common."""

    columns: Sequence[Column]
    versions: Mapping[str, str]
    sandbox: str

    @cached_property
    def _jinja(self) -> Environment:
        jinja = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        jinja.filters |= {"one_line": _one_line, "code": _code}
        style, script = _asset("style.css"), _asset("index.js")
        jinja.globals |= {
            "versions": self.versions,
            "sandbox": self.sandbox,
            "style": style,
            "style_hash": _hash(style),
            "script_hash": _hash(script),
            "titles": self._titles,
        }
        return jinja

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {column.lesson: column.title for column in self.columns}

    def learner(self, learner: str, results: Sequence[Quoted]) -> str:
        """Return one learner's page: every lesson handed in, every check."""
        lessons = [self._lesson(result, quotes) for result, quotes in results]
        return self._jinja.get_template("learner.html").render(
            learner=text.name(learner),
            points=sum(result.points for result, _ in results),
            max_points=sum(result.max_points for result, _ in results),
            passed=sum(result.status == "passed" for result, _ in results),
            lessons=lessons,
            script=None,
        )

    def index(
        self,
        classroom: Classroom,
        page_name: Callable[[str], str],
        *,
        alike: int | None = None,
    ) -> str:
        """Return the page of the class; ``page_name`` gives the file of a learner's page.

        ``alike`` is how often hand-ins are alike, for a link to those pages, if there are any.
        """
        return self._jinja.get_template("index.html").render(
            room=classroom,
            complete=sum(map(classroom.is_complete, classroom.rows)),
            problems=sum(bool(row.problems) for row in classroom.rows),
            page_name=page_name,
            most_checks=MOST_CHECKS,
            alike=alike,
            script=_asset("index.js"),
        )

    def page(self, template: str, **values: Any) -> str:
        """Return a page without a script, made from one of our templates."""
        return "".join(self.pieces(template, **values))

    def pieces(self, template: str, **values: Any) -> Iterator[str]:
        """Yield such a page in pieces, so that a long one need not fit in memory."""
        return self._jinja.get_template(template).generate(script=None, **values)

    def _lesson(self, result: SubmissionResult, quotes: Mapping[str, str]) -> dict[str, Any]:
        standing = standing_of(result)
        return {
            "title": self._titles.get(result.lesson, result.lesson or "The whole hand-in"),
            "standing": standing,
            "said": _SAID[standing],
            "points": result.points,
            "max_points": result.max_points,
            "async_mode": result.async_mode,
            "message": result.message and text.message(result.message),
            "checks": [_check(check, quotes.get(check.name)) for check in result.checks],
        }


def _check(check: CheckResult, quote: str | None) -> dict[str, Any]:
    mark, said = _MARKS[check.outcome]
    shown: dict[str, Any] = {
        "outcome": check.outcome,
        "mark": mark,
        "said": said,
        "title": text.one_line(check.title),
        "points": check.points,
        "max_points": check.max_points,
        "message": check.message and text.message(check.message),
        "help": check.help and text.message(check.help),
        "quote": None if check.passed else quote,
        "seen": [] if check.passed else values(check),
        "output": "" if check.passed else text.output(check.output).strip("\n"),
    }
    return shown


def _finalize(value: object) -> object:
    """Clean every text that a template prints, before Jinja escapes it."""
    return text.clean(value) if type(value) is str else value


def _one_line(value: str) -> str:
    return text.one_line(value, 400)


def _code(value: str) -> Markup:
    """Escape a text, and set what stands between two backticks on one line as code."""
    return Markup(_BACKTICKS.sub(r"<code>\1</code>", str(escape(text.clean(value)))))


def _asset(name: str) -> Markup:
    """Return a file of ours that stands in the page as it is."""
    return Markup((_TEMPLATES / name).read_text("utf-8"))


def _hash(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
