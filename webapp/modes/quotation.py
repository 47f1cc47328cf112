"""A long page put together from sections of others, so that no prose stands in two places.

A line ``{{ include: PAGE#HEADING }}`` stands for a section of a page or lesson, found by its
heading's anchor or the beginning of it, without the heading; without ``#HEADING`` for all of it,
its headings one level lower. With ``without QUESTION`` at its end it leaves a question out. A line
``{{ ask: PAGE/QUESTION }}`` stands for one question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from markdown.extensions.toc import slugify

from checker.lesson import Course, CourseError

_LINE = re.compile(
    r"^\{\{ (?:include: (?P<place>[\w-]+)(?:#(?P<section>[\w-]+))?(?: without (?P<left>[\w-]+))?"
    r"|ask: (?P<asked>[\w-]+)/(?P<question>[\w-]+)) \}\}$",
    re.M,
)
_FENCED = re.compile(r"(^```.*?^```[ ]*$)", re.M | re.S)
_HEADING = re.compile(r"^(#{2,5}) (.+?)\s*$", re.M)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_QUIZ = re.compile(r"^\{\{ quiz: ([\w-]+) \}\}$", re.M)
BETWEEN = "--"
"""Stands between a place and its question in the name of a composed page's question."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page or lesson that may be quoted: its prose, and its address below the course."""

    prose: str
    address: str


def sources(course: Course) -> dict[str, Source]:
    """Return all that may be quoted, by slug."""
    found = {page.slug: Source(page.prose, f"/pages/{page.slug}/") for page in course.pages}
    return found | {
        lesson.slug: Source(lesson.prose, f"/lessons/{lesson.slug}/") for lesson in course.lessons
    }


def compose(text: str, known: Mapping[str, Source]) -> str:
    """Fill each quoting line of ``text``; raises CourseError for one that names nothing.

    Links are made to hold from a page that lies one folder below the course.
    """

    def fill(match: re.Match[str]) -> str:
        if match["question"]:
            return f"{{{{ quiz: {match['asked']}{BETWEEN}{match['question']} }}}}"
        place, section = match["place"], match["section"]
        if place not in known:
            raise CourseError(f"There is no page or lesson {place!r} to include.")
        source = known[place]
        if section:
            body = _section(source.prose, section)
            if body is None:
                raise CourseError(f"{place} has no heading {section!r} to include.")
        else:
            body = _outside(source.prose, lambda prose: _HEADING.sub(r"#\1 \2", prose))
        if match["left"]:
            body = body.replace(f"{{{{ quiz: {match['left']} }}}}", "")
        return _outside(body, lambda prose: _moved(prose, place, source.address)).strip()

    return _LINE.sub(fill, text)


def _moved(prose: str, place: str, address: str) -> str:
    """Give a piece's links and questions names that hold elsewhere."""
    prose = _QUIZ.sub(rf"{{{{ quiz: {place}{BETWEEN}\1 }}}}", prose)
    return _LINK.sub(lambda match: f"]({_link(address, match[1])})", prose)


def _link(address: str, target: str) -> str:
    joined = urljoin(address, target)
    return f"..{joined}" if joined.startswith("/") else joined


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change what stands outside the code blocks."""
    parts = _FENCED.split(text)
    return "".join(part if part.startswith("```") else change(part) for part in parts)


def _section(prose: str, wanted: str) -> str | None:
    """Return the section whose heading's anchor begins with ``wanted``."""
    found = list(_headings(prose))
    for index, (start, level, anchor) in enumerate(found):
        if anchor == wanted or (wanted.endswith("-") and anchor.startswith(wanted)):
            after = (begin for begin, other, _ in found[index + 1 :] if other <= level)
            body = prose[start : next(after, len(prose))]
            return body.partition("\n")[2]
    return None


def _headings(prose: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each heading begins, its level and its anchor."""
    fenced = [match.span() for match in _FENCED.finditer(prose)]
    for match in _HEADING.finditer(prose):
        if not any(begin <= match.start() < end for begin, end in fenced):
            yield match.start(), len(match[1]), slugify(match[2], "-")
