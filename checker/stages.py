"""The project's stages: pieces of work like lessons, of which each begins where one ends."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from checker.lesson import PROJECT, Lesson, load_lesson

EVERYTHING = 99


@dataclass(frozen=True)
class Stage(Lesson):
    """A lesson folder that begins with the solution of the ``former`` stage."""

    former: Stage | None

    @property
    def label(self) -> str:
        """How a heading names it."""
        return f"Stage {self.number} of the project"

    @property
    def handle(self) -> str:
        """How a command names it: ``project/2``."""
        return f"{PROJECT}/{self.number}"

    @property
    def names(self) -> tuple[str, ...]:
        """All that a command may call it."""
        return (self.handle, f"{PROJECT}/{self.number:02}", self.slug)

    @property
    def home(self) -> str:
        """The folder in a workspace: one for all stages, because the app in it grows."""
        return PROJECT

    @property
    def taught(self) -> int:
        """All lessons: the project comes after them."""
        return EVERYTHING

    def starter(self) -> dict[str, bytes]:
        """The former stage's solution; the first stage has a starter of its own."""
        return super().starter() if self.former is None else self.former.solution()


def load_stages(root: Path) -> tuple[Stage, ...]:
    """Read the project of the course at ``root``, stage by stage; raises CourseError.

    A course without a project has no stages.
    """
    stages: list[Stage] = []
    for folder in sorted((root / "modes" / PROJECT).glob("[0-9][0-9]-*")):
        lesson = load_lesson(folder)
        same = {field.name: getattr(lesson, field.name) for field in fields(Lesson)}
        former = stages[-1] if stages else None
        stages.append(Stage(**{**same, "slug": f"{PROJECT}/{lesson.slug}"}, former=former))
    return tuple(stages)
