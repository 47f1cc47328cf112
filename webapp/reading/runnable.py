"""The programs that the course's pages show, and that a reader can run from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from checker.blocks import blocks
from checker.lesson import Course

LANGUAGE = "python"
KINDS = ("run", "fails")
"""Kinds of blocks that come to an end by themselves."""


def program_id(source: str) -> str:
    """Return the name under which a page asks for a program: 16 hex digits."""
    return hashlib.sha256(source.strip().encode()).hexdigest()[:16]


def programs_of(course: Course) -> dict[str, str]:
    """Return every program of the course that a page can run, by its name."""
    return {program_id(source): source for text in _texts(course) for source in _sources(text)}


def _sources(text: str) -> Iterator[str]:
    for block in blocks(text):
        if block.language == LANGUAGE and block.kind in KINDS:
            yield block.body


def _texts(course: Course) -> Iterator[str]:
    yield from (lesson.prose for lesson in (*course.lessons, *course.stages))
    yield from (page.prose for page in (*course.pages, *course.mode_pages))
