"""Apps to try things out with: a few of our own, and each lesson's starter and solution."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from checker.lesson import Course, CourseError, Lesson
from checker.submission import Submission

PREFIX = "try"
"""The first part of a trial's slug."""
_KEYS = {"folder", "title", "summary"}


@dataclass(frozen=True)
class Trial(Lesson):
    """An app without tasks and checks. ``origin`` is the lesson it comes from, if any."""

    begins: Mapping[str, bytes]
    origin: Lesson | None

    @property
    def name(self) -> str:
        """The slug without the mode: ``blank``, ``04-event-handlers/starter``."""
        return self.slug.removeprefix(f"{PREFIX}/")

    def starter(self) -> dict[str, bytes]:
        """The files that it begins with."""
        return dict(self.begins)

    def solution(self) -> dict[str, bytes]:
        """The same: there is nothing to solve."""
        return dict(self.begins)

    def checks(self) -> tuple[Any, ...]:
        """None: nothing is right or wrong here."""
        return ()


def load_trials(course: Course) -> tuple[Trial, ...]:
    """Read the apps of ``modes/try``, and make two of each lesson.

    Raises CourseError for a ``try.toml`` that cannot be used.
    """
    return (*_own(course.root / "modes" / PREFIX), *_of_lessons(course))


def _own(folder: Path) -> Iterator[Trial]:
    path = folder / "try.toml"
    if not path.is_file():
        return
    for item in tomllib.loads(path.read_text("utf-8")).get("app", []):
        if set(item) != _KEYS or not all(isinstance(value, str) for value in item.values()):
            raise CourseError(f"{path}: an [[app]] has folder, title and summary, all texts.")
        if not (folder / item["folder"] / "app.py").is_file():
            raise CourseError(f"{path}: there is no {item['folder']}/app.py beside it.")
        begins = Submission.from_path(folder / item["folder"]).files
        yield _trial(item["folder"], item["title"], item["summary"], begins, None, folder)


def _of_lessons(course: Course) -> Iterator[Trial]:
    for lesson in course.lessons:
        for name, title, files in (
            ("starter", "What the lesson begins with", lesson.starter()),
            ("solution", "The solution", lesson.solution()),
        ):
            yield _trial(f"{lesson.slug}/{name}", title, "", files, lesson, lesson.folder)


def _trial(
    name: str,
    title: str,
    summary: str,
    begins: Mapping[str, bytes],
    origin: Lesson | None,
    folder: Path,
) -> Trial:
    same: dict[str, Any] = {item.name: () for item in fields(Lesson)}
    same |= {"folder": folder, "slug": f"{PREFIX}/{name}", "number": 99, "minutes": 0}
    same |= {"title": title, "summary": summary, "level": "Foundation", "prose": "", "hints": {}}
    opened = tuple(sorted(begins, key=lambda file: (file != "app.py", file)))
    same |= {"open_files": opened}
    return Trial(**same, begins=begins, origin=origin)
