"""The project's stages: pieces of work like lessons, of which each begins where one ends."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from checker.lesson import Lesson, load_lesson

PREFIX = "project"
"""The first part of a stage's slug."""


@dataclass(frozen=True)
class Stage(Lesson):
    """A lesson folder that begins with the solution of the ``former`` stage."""

    former: Stage | None

    def starter(self) -> dict[str, bytes]:
        """The former stage's solution; the first stage has a starter of its own."""
        return super().starter() if self.former is None else self.former.solution()


def load_stages(root: Path) -> tuple[Stage, ...]:
    """Read the project of the course at ``root``, stage by stage; raises CourseError.

    A course without a project has no stages.
    """
    stages: list[Stage] = []
    for folder in sorted((root / "modes" / PREFIX).glob("[0-9][0-9]-*")):
        lesson = load_lesson(folder)
        same = {field.name: getattr(lesson, field.name) for field in fields(Lesson)}
        former = stages[-1] if stages else None
        stages.append(Stage(**{**same, "slug": f"{PREFIX}/{lesson.slug}"}, former=former))
    return tuple(stages)
