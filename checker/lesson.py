"""The course as data: lesson folders and pages, found by path, read and validated.

A lesson is a folder (DESIGN 3); adding one is adding a folder. Mistakes in its files raise
`CourseError` with one sentence that says which file, what, and what to do.
"""

from __future__ import annotations

import difflib
import importlib
import os
import re
import sys
import tomllib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args

from checker.quote import QuoteError, expand

Level = Literal["Foundation", "Intermediate", "Advanced", "Expert"]
QuestionKind = Literal["predict", "recall", "myth"]

_FOLDER = re.compile(r"(\d\d)-[a-z0-9][a-z0-9-]*")
_TASK = re.compile(r"^## Task (\d+): (.+?)\s*$", re.M)
_HINT = re.compile(r"^## (\d+)\s*$", re.M)
_PLACED = re.compile(r"^\{\{ quiz: ([a-z0-9-]+) \}\}$", re.M)
ABSENT = ".absent"
"""A variant's file ``NAME.absent`` takes NAME away."""


class CourseError(Exception):
    """A file of the course breaks its contract."""


class LessonNotFound(CourseError):
    """No lesson has that name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question, with the explanation that belongs to it."""

    text: str
    right: bool
    because: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with two to five choices, one of them right.

    ``program``, if there is one, prints exactly the text of the right choice (the audit runs it).
    """

    id: str
    kind: QuestionKind
    prompt: str
    choices: tuple[Choice, ...]
    explain: str
    program: str | None = None

    @property
    def right(self) -> Choice:
        """The right choice."""
        return next(choice for choice in self.choices if choice.right)


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
class Page:
    """A page that is no step. ``prose`` is Markdown without the title and the summary."""

    path: Path
    slug: str
    title: str
    summary: str
    prose: str
    questions: tuple[Question, ...]


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

    def starter(self) -> dict[str, bytes]:
        """The files that a learner begins with."""
        return _tree(self.folder / "starter")

    def solution(self) -> dict[str, bytes]:
        """The files of an app that passes everything."""
        return _tree(self.folder / "solution")

    def checks(self) -> tuple[Any, ...]:
        """The lesson's `checker.check.Check` objects, in the order of ``checks.py``."""
        return self._checks

    @cached_property
    def _checks(self) -> tuple[Any, ...]:
        from checker.check import Check

        module = _checks_of(self.folder, self.check_sources())
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

    def mistakes(self) -> tuple[Variant, ...]:
        """Apps that must be caught, each first by the check of its folder's name."""
        root = self.folder / "mistakes"
        return tuple(
            self._variant(folder, check=folder.parent.name)
            for parent in _folders(root)
            for folder in _folders(parent)
        )

    def accepted(self) -> tuple[Variant, ...]:
        """Other right ways, which must pass."""
        return tuple(self._variant(folder) for folder in _folders(self.folder / "accepted"))

    def _variant(self, folder: Path, check: str | None = None) -> Variant:
        files = self.solution()
        for name, data in _tree(folder).items():
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

    def find(self, name: str) -> Lesson:
        """Return the lesson called ``4``, ``04`` or ``04-event-handlers``.

        Raises LessonNotFound with the nearest name.
        """
        for lesson in self.lessons:
            if name in {lesson.slug, f"{lesson.number:02}", str(lesson.number)}:
                return lesson
        near = difflib.get_close_matches(name, [lesson.slug for lesson in self.lessons], 1, 0.4)
        known = ", ".join(str(lesson.number) for lesson in self.lessons)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise LessonNotFound(f"There is no lesson {name!r}; the lessons are {known}.{hint}")


def course_root() -> Path:
    """Where the course lies: ``COURSE_LESSONS``, the checkout's ``lessons``, or the wheel's."""
    named = os.environ.get("COURSE_LESSONS")
    here = Path(__file__).resolve().parent
    for root in [Path(named)] if named else [here.parent / "lessons", here / "_lessons"]:
        if (root / "course.toml").is_file():
            return root
    where = named or "beside the checker"
    raise CourseError(f"No course was found {where}: a folder with a course.toml is needed.")


def load_course(root: Path | None = None) -> Course:
    """Read the course at ``root``; raises CourseError for the first broken promise."""
    root = root or course_root()
    fields = _toml(root / "course.toml", {"title", "summary", "authors"}, {"mode", "pages"})
    lessons = [load_lesson(folder) for folder in _folders(root) if _FOLDER.fullmatch(folder.name)]
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
    fields = _toml(folder / "lesson.toml", keys)
    if fields["level"] not in get_args(Level):
        raise CourseError(f"{folder.name}/lesson.toml: level is one of {get_args(Level)}.")
    prose = _prose(folder / "lesson.md", folder)
    tasks = tuple(Task(int(number), title) for number, title in _TASK.findall(prose))
    if [task.number for task in tasks] != list(range(1, len(tasks) + 1)):
        raise CourseError(f"{folder.name}/lesson.md: number the tasks 1, 2, 3 … in order.")
    questions = _questions(folder / "quiz.toml")
    _require_placed(folder / "lesson.md", prose, questions)
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
        hints=_hints(folder / "hints.md"),
        questions=questions,
    )


def load_page(root: Path, slug: str, folder: str = "pages") -> Page:
    """Read one page that is no step: a title line, a summary paragraph, prose."""
    path = root / folder / f"{slug}.md"
    text = _prose(path, root)
    match = re.match(r"# (.+)\n+((?:.+\n)+)", text)
    if not match:
        raise CourseError(f"{folder}/{path.name} must begin with a title and a summary paragraph.")
    questions = _questions(path.with_name(f"{slug}.quiz.toml"), optional=True)
    _require_placed(path, text, questions)
    summary = " ".join(match[2].split())
    return Page(path, slug, match[1].strip(), summary, text[match.end() :], questions)


def _prose(path: Path, root: Path) -> str:
    try:
        return expand(_text(path), root)
    except QuoteError as error:
        raise CourseError(f"{path.parent.name}/{path.name}: {error}") from None


def _questions(path: Path, *, optional: bool = False) -> tuple[Question, ...]:
    if optional and not path.is_file():
        return ()
    items = _toml(path, set(), {"question"}).get("question", [])
    return tuple(_question(path, item) for item in items)


def _question(path: Path, item: Mapping[str, Any]) -> Question:
    where = f"{path.parent.name}/{path.name}"
    _require_keys(where, item, {"id", "kind", "prompt", "explain", "choice"}, {"program"})
    if item["kind"] not in get_args(QuestionKind):
        raise CourseError(f"{where}: kind is one of {', '.join(get_args(QuestionKind))}.")
    for choice in item["choice"]:
        _require_keys(where, choice, {"text", "because"}, {"right"})
    choices = tuple(
        Choice(choice["text"], bool(choice.get("right")), choice["because"])
        for choice in item["choice"]
    )
    if not 2 <= len(choices) <= 5 or sum(choice.right for choice in choices) != 1:
        raise CourseError(f"{where}: {item['id']} needs two to five choices, exactly one right.")
    fields = {key: item.get(key) for key in ("id", "kind", "prompt", "explain", "program")}
    return Question(choices=choices, **fields)  # type: ignore[arg-type]


def _require_placed(path: Path, prose: str, questions: tuple[Question, ...]) -> None:
    placed = _PLACED.findall(prose)
    known = [question.id for question in questions]
    for name in placed:
        if name not in known:
            raise CourseError(f"{path.parent.name}/{path.name}: there is no question {name!r}.")
    if len(set(placed)) != len(placed) or len(set(known)) != len(known):
        raise CourseError(f"{path.parent.name}/{path.name}: a question is there twice.")


def _hints(path: Path) -> dict[int, tuple[str, ...]]:
    parts = _HINT.split(_text(path))
    return {
        int(number): tuple(rung.strip() for rung in re.split(r"^---\s*$", text, flags=re.M))
        for number, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def _toml(path: Path, required: set[str], optional: set[str] | None = None) -> dict[str, Any]:
    where = f"{path.parent.name}/{path.name}"
    try:
        fields = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{where} is not TOML: {error}.") from None
    _require_keys(where, fields, required, optional or set())
    return fields


def _require_keys(
    where: str, fields: Mapping[str, Any], required: set[str], optional: set[str]
) -> None:
    for key in fields:
        if key not in required | optional:
            near = difflib.get_close_matches(key, required | optional, 1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise CourseError(f"{where}: the key `{key}` is not known.{hint}")
    for key in sorted(required - fields.keys()):
        raise CourseError(f"{where}: the key `{key}` is missing.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise CourseError(f"{path.parent.name}/{path.name} is missing.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path.parent.name}/{path.name} is not UTF-8.") from None


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith(("_", ".")))


def _tree(root: Path) -> dict[str, bytes]:
    """Return a folder's files by relative name, without what tools leave behind."""
    if not root.is_dir():
        raise CourseError(f"{root.parent.name} has no folder {root.name}.")
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def _checks_of(folder: Path, sources: Iterable[Path]) -> dict[str, Any]:
    """Run a lesson's ``checks.py``: code of ours, found by path, never a learner's.

    The folder is a package, so that the checks can import what stands beside them. It is named
    after its place and its contents: what was edited is another package.
    """
    total = zlib.crc32(str(folder.resolve()).encode())
    for path in sources:
        total = zlib.crc32(path.read_bytes(), total)
    package = ModuleType(f"course_lesson_{total:08x}")
    package.__path__ = [str(folder)]
    sys.modules.setdefault(package.__name__, package)
    importlib.invalidate_caches()
    return vars(importlib.import_module(f"{package.__name__}.checks"))
