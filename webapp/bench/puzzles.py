"""Broken apps to mend: a lesson's mistakes, each as a piece of work of its own."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from checker.audit import NOT_AN_APP
from checker.lesson import Course, CourseError, Lesson, Variant

PREFIX = "challenge"
"""The first part of a puzzle's slug."""
NAME_LENGTH = 6
"""Hex digits that stand for a mistake's name, which would give the fault away."""


@dataclass(frozen=True)
class Puzzle(Lesson):
    """A lesson whose starter is broken: the same checks, tasks, hints and solution.

    ``symptom`` is what should hold and does not; ``fault`` names what is broken, for afterwards.
    ``place`` counts the puzzles with the same symptom from 1, and ``task`` is the one it is about.
    """

    origin: Lesson
    broken: Mapping[str, bytes]
    name: str
    symptom: str
    fault: str
    place: int
    task: int

    def starter(self) -> dict[str, bytes]:
        """The broken app."""
        return dict(self.broken)

    def checks(self) -> tuple[Any, ...]:
        """The checks of the lesson that it comes from."""
        return self.origin.checks()


def load_puzzles(course: Course) -> tuple[Puzzle, ...]:
    """Make a puzzle of each fair mistake, in the order of lessons and checks.

    Raises CourseError for a ``challenge.toml`` that cannot be used.
    """
    left_out = _left_out(course.root / "modes" / PREFIX / "challenge.toml")
    return tuple(puzzle for lesson in course.lessons for puzzle in _of(lesson, left_out))


def _of(lesson: Lesson, left_out: tuple[str, ...]) -> Iterator[Puzzle]:
    same = {field.name: getattr(lesson, field.name) for field in fields(Lesson)}
    fair = [mistake for mistake in lesson.mistakes() if _is_fair(lesson, mistake, left_out)]
    for check in lesson.checks():
        alike = sorted((m for m in fair if m.check == check.name), key=_name)
        for place, mistake in enumerate(alike, 1):
            yield Puzzle(
                **{**same, "slug": f"{PREFIX}/{lesson.slug}/{_name(mistake)}"},
                origin=lesson,
                broken=mistake.files,
                name=_name(mistake),
                symptom=check.title,
                fault=mistake.name.replace("-", " "),
                place=place,
                task=check.task,
            )


def _name(mistake: Variant) -> str:
    text = f"{mistake.check}/{mistake.name}"
    return hashlib.sha256(text.encode()).hexdigest()[:NAME_LENGTH]


def _is_fair(lesson: Lesson, mistake: Variant, left_out: tuple[str, ...]) -> bool:
    """Whether there is something to find: an app that runs checks, and is not only incomplete."""
    solution = lesson.solution()
    changed = any(solution.get(name) != data for name, data in mistake.files.items())
    path = f"{lesson.slug}/{mistake.check}/{mistake.name}"
    hidden = any(fnmatchcase(path, pattern) for pattern in left_out)
    return changed and mistake.check != NOT_AN_APP and not hidden


def _left_out(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        return ()
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path.parent.name}/{path.name} is not TOML: {error}.") from None
    patterns = settings.pop("leave_out", [])
    if settings or not all(isinstance(each, str) for each in patterns):
        raise CourseError(f"{path.parent.name}/{path.name} holds one list of texts, `leave_out`.")
    return tuple(patterns)
