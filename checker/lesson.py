"""The course as data: lesson folders and pages, found by path, read and validated.

A lesson is a folder (DESIGN 3); adding one is adding a folder. Mistakes in its files raise
`CourseError` with one sentence that says which file, what, and what to do.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from checker.coursefile import (
    CourseError,
    course_root,
    files_in,
    folders_in,
    read_hints,
    read_prose,
    read_toml,
    run_checks,
)
from checker.coursepage import Page, load_page
from checker.quiz import Choice, Question, read_questions, require_placed

if TYPE_CHECKING:
    from checker.stages import Stage

__all__ = [
    "PROJECT",
    "Choice",
    "Course",
    "CourseError",
    "Lesson",
    "LessonNotFound",
    "Level",
    "Mode",
    "Page",
    "Question",
    "Task",
    "Variant",
    "course_root",
    "load_course",
    "load_lesson",
    "load_page",
]

Level = Literal["Foundation", "Intermediate", "Advanced", "Expert"]

_FOLDER = re.compile(r"(\d\d)-[a-z0-9][a-z0-9-]*")
_TASK = re.compile(r"^## Task (\d+): (.+?)\s*$", re.M)
ABSENT = ".absent"
"""A variant's file ``NAME.absent`` takes NAME away."""
PROJECT = "project"
"""The first part of a stage's slug, and the folder of all stages in a workspace."""


class LessonNotFound(CourseError):
    """No lesson has that name."""


@dataclass(frozen=True, slots=True)
class Task:
    """A numbered task: its number ties prose, hints and checks together."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Mode:
    """One of the nine ways into the material."""

    name: str
    slug: str
    summary: str


@dataclass(frozen=True, slots=True)
class Variant:
    """An app that the audit checks: ``check`` must catch a mistake; an accepted one passes."""

    name: str
    files: Mapping[str, bytes]
    check: str | None = None


@dataclass(frozen=True)
class Lesson:
    """A lesson folder, read and validated."""

    folder: Path
    slug: str
    number: int
    title: str
    summary: str
    level: Level
    minutes: int
    teaches: tuple[str, ...]
    not_yet: tuple[str, ...]
    open_files: tuple[str, ...]
    prose: str
    tasks: tuple[Task, ...]
    hints: Mapping[int, tuple[str, ...]]
    questions: tuple[Question, ...]

    @property
    def label(self) -> str:
        """How a heading names it."""
        return f"Lesson {self.number}"

    @property
    def handle(self) -> str:
        """How a command names it: the shortest of its ``names``."""
        return str(self.number)

    @property
    def names(self) -> tuple[str, ...]:
        """All that a command may call it: ``4``, ``04`` or ``04-event-handlers``."""
        return (self.handle, f"{self.number:02}", self.slug)

    @property
    def home(self) -> str:
        """The learner's folder for it in a workspace."""
        return self.slug

    @property
    def taught(self) -> int:
        """The last lesson whose words an explanation may use here."""
        return self.number

    def starter(self) -> dict[str, bytes]:
        """The files that a learner begins with."""
        return files_in(self.folder / "starter")

    def solution(self) -> dict[str, bytes]:
        """The files of an app that passes everything."""
        return files_in(self.folder / "solution")

    def checks(self) -> tuple[Any, ...]:
        """The lesson's `checker.check.Check` objects, in the order of ``checks.py``."""
        return self._checks

    @cached_property
    def _checks(self) -> tuple[Any, ...]:
        from checker.check import Check

        module = run_checks(self.folder, self.check_sources())
        found = tuple(value for value in module.values() if isinstance(value, Check))
        if not found:
            raise CourseError(f"{self.slug}/checks.py has no checks; decorate one with @check.")
        unknown = {check.task for check in found} - {task.number for task in self.tasks}
        if unknown:
            raise CourseError(
                f"{self.slug}/checks.py names task {min(unknown)}, which lesson.md does not have."
            )
        return found

    def check_sources(self) -> tuple[Path, ...]:
        """The lesson's own Python files: ``checks.py``, and what it imports from beside it."""
        found = tuple(sorted(self.folder.glob("*.py")))
        if self.folder / "checks.py" not in found:
            raise CourseError(f"{self.slug}/checks.py is missing.")
        return found

    @property
    def runs_scripts(self) -> bool:
        """Whether checks run the script as its user does: they wait for it more than they work."""
        texts = [path.read_text("utf-8") for path in self.check_sources()]
        return any(call in text for text in texts for call in (".serve(", ".run_script("))

    def mistakes(self) -> tuple[Variant, ...]:
        """Apps that must be caught, each first by the check of its folder's name."""
        root = self.folder / "mistakes"
        return tuple(
            self._variant(folder, check=folder.parent.name)
            for parent in folders_in(root)
            for folder in folders_in(parent)
        )

    def accepted(self) -> tuple[Variant, ...]:
        """Other right ways, which must pass."""
        return tuple(self._variant(folder) for folder in folders_in(self.folder / "accepted"))

    def _variant(self, folder: Path, check: str | None = None) -> Variant:
        files = self.solution()
        for name, data in files_in(folder).items():
            if name.endswith(ABSENT):
                files.pop(name.removesuffix(ABSENT), None)
            else:
                files[name] = data
        return Variant(folder.name, files, check)


@dataclass(frozen=True)
class Course:
    """The whole course, lessons and pages in order."""

    root: Path
    title: str
    summary: str
    authors: tuple[str, ...]
    modes: tuple[Mode, ...]
    lessons: tuple[Lesson, ...]
    page_slugs: tuple[str, ...] = ()

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """The pages that are no steps, in order; read when first asked for."""
        return tuple(load_page(self.root, slug) for slug in self.page_slugs)

    @cached_property
    def mode_pages(self) -> tuple[Page, ...]:
        """The texts of the modes that have one: ``modes/<slug>/<slug>.md``."""
        folders = [(mode.slug, f"modes/{mode.slug}") for mode in self.modes]
        return tuple(
            load_page(self.root, slug, folder)
            for slug, folder in folders
            if (self.root / folder / f"{slug}.md").is_file()
        )

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The project, stage by stage, read when first asked for; they are no lessons."""
        from checker.stages import load_stages

        return load_stages(self.root)

    def find(self, name: str) -> Lesson:
        """Return the lesson called ``4`` or ``04-event-handlers``, or the stage ``project/1``.

        Raises LessonNotFound with the nearest name.
        """
        stages = self.stages if name.startswith(PROJECT) else ()
        for work in (*self.lessons, *stages):
            if name in work.names:
                return work
        known = ", ".join(lesson.handle for lesson in self.lessons)
        if stages:
            known += f", and the stages of the {PROJECT} "
            known += ", ".join(stage.handle for stage in stages)
        slugs = {work.folder.name: work.slug for work in stages or self.lessons}
        near = difflib.get_close_matches(name.removeprefix(f"{PROJECT}/"), slugs, 1, 0.4)
        hint = f" Did you mean {slugs[near[0]]}?" if near else ""
        raise LessonNotFound(f"There is no lesson {name!r}; the lessons are {known}.{hint}")


def load_course(root: Path | None = None) -> Course:
    """Read the course at ``root``; raises CourseError for the first broken promise."""
    root = root or course_root()
    fields = read_toml(root / "course.toml", {"title", "summary", "authors"}, {"mode", "pages"})
    lessons = [load_lesson(folder) for folder in folders_in(root) if _FOLDER.fullmatch(folder.name)]
    numbers = [lesson.number for lesson in lessons]
    if len(set(numbers)) != len(numbers):
        raise CourseError("Two lesson folders have the same number; give each its own.")
    return Course(
        root=root,
        title=fields["title"],
        summary=fields["summary"],
        authors=tuple(fields["authors"]),
        modes=tuple(Mode(**mode) for mode in fields.get("mode", [])),
        lessons=tuple(lessons),
        page_slugs=tuple(fields.get("pages", [])),
    )


def load_lesson(folder: Path) -> Lesson:
    """Read one lesson folder."""
    keys = {"title", "summary", "level", "minutes", "teaches", "not_yet", "open_files"}
    fields = read_toml(folder / "lesson.toml", keys)
    if fields["level"] not in get_args(Level):
        raise CourseError(f"{folder.name}/lesson.toml: level is one of {get_args(Level)}.")
    prose = read_prose(folder / "lesson.md", folder)
    tasks = tuple(Task(int(number), title) for number, title in _TASK.findall(prose))
    if [task.number for task in tasks] != list(range(1, len(tasks) + 1)):
        raise CourseError(f"{folder.name}/lesson.md: number the tasks 1, 2, 3 … in order.")
    questions = read_questions(folder / "quiz.toml")
    require_placed(folder / "lesson.md", prose, questions)
    return Lesson(
        folder=folder,
        slug=folder.name,
        number=int(folder.name[:2]),
        title=fields["title"],
        summary=fields["summary"],
        level=fields["level"],
        minutes=int(fields["minutes"]),
        teaches=tuple(fields["teaches"]),
        not_yet=tuple(fields["not_yet"]),
        open_files=tuple(fields["open_files"]),
        prose=prose,
        tasks=tasks,
        hints=read_hints(folder / "hints.md"),
        questions=questions,
    )
