"""A folder of hand-ins: who handed in which lessons. Contents are read later, one by one."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from checker import submission
from checker.formats import text
from checker.grading.archive import SAID, Folder, Holder, Kind, Script, Zip, is_junk, kind_of
from checker.submission import Submission, SubmissionError

MAX_HANDINS = 20_000
_MAX_WRAPPERS = 3
_TOP = PurePosixPath()
_OTHER_ARCHIVES = (".7z", ".bz2", ".gz", ".ipynb", ".py", ".rar", ".tar", ".tgz", ".xz", ".zipx")


class LessonName(Protocol):
    """What of a lesson matters here."""

    @property
    def slug(self) -> str:
        """The folder's name, such as ``04-event-handlers``."""

    @property
    def number(self) -> int:
        """The folder's number, such as 4."""


TOOLS = frozenset({".git", ".gitignore", ".gitkeep", ".DS_Store", ".idea", ".vscode", ".course"})
"""What tools leave in a folder of submissions."""


@dataclass(frozen=True, slots=True)
class Handin:
    """One learner's work on one lesson; ``lesson`` is "" when the problem is not one lesson's."""

    learner: str
    lesson: str
    holder: Holder | None = None
    place: PurePosixPath = _TOP
    problem: str | None = None

    def read(self) -> Submission:
        """Read the files; raises SubmissionError with one sentence."""
        if self.holder is None or self.problem is not None:
            raise SubmissionError(self.problem or "There is nothing to read.")
        try:
            return self.holder.read(self.place)
        except OSError as error:
            raise SubmissionError(f"The files cannot be read: {error.strerror or error}.") from None


@dataclass(frozen=True, slots=True)
class Intake:
    """All hand-ins of a class in a stable order, and the names that were left aside."""

    handins: tuple[Handin, ...]
    ignored: tuple[str, ...]


def _is_tool(name: str) -> bool:
    """Whether a name among the learners' is that of a tool; ``.alice`` may well be a learner."""
    return name in TOOLS or (is_junk(name) and not name.startswith("."))


def read_class(
    directory: Path, lessons: Sequence[LessonName], *, only: LessonName | None = None
) -> Intake:
    """List the hand-ins in ``directory``: a folder, a zip or (with ``only``) a script per learner.

    ``lessons`` are those of the course; ``only`` is the one that is graded, when it is one.
    Raises OSError when ``directory`` itself cannot be listed.
    """
    found: dict[str, list[Path]] = {}
    ignored: list[str] = []
    for path in _listed(directory):
        learner = _learner(path)
        if learner is None:
            ignored.append(text.name(path.name))
        else:
            found.setdefault(learner, []).append(path)
    handins: list[Handin] = []
    for learner in sorted(found, key=sort_key):
        handins += _Desk(learner, lessons, only).handins(found[learner])
    return Intake(tuple(handins), tuple(ignored))


def sort_key(learner: str) -> tuple[str, str]:
    """Order learners as a reader expects, and always the same way."""
    return learner.casefold(), learner


def _listed(directory: Path) -> list[Path]:
    with os.scandir(directory) as entries:
        paths = [Path(entry.path) for entry in entries if not _is_tool(entry.name)]
    if len(paths) > MAX_HANDINS:
        raise OSError(0, f"it holds {len(paths):,} entries, and {MAX_HANDINS:,} can be graded")
    return sorted(paths, key=lambda path: sort_key(path.name))


def _learner(path: Path) -> str | None:
    """Return the learner whose work this is, or None for a file that is nobody's."""
    suffix = path.suffix.lower()
    if kind_of(path) != "file":
        return text.name(path.name)
    if suffix == ".zip" or suffix in _OTHER_ARCHIVES:
        return text.name(path.name[: -len(suffix)].removesuffix(".tar"))
    return None


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one learner's hand-in is looked through for lessons."""

    learner: str
    lessons: Sequence[LessonName]
    only: LessonName | None

    def handins(self, paths: list[Path]) -> list[Handin]:
        """Return a hand-in per lesson, or one that says what is the matter."""
        try:
            return self._located(self._holder(paths))
        except SubmissionError as error:
            problem = str(error)
        except OSError as error:
            problem = f"`{text.name(paths[0].name)}` cannot be read: {error.strerror or error}."
        return [self._problem(problem)]

    def _problem(self, sentence: str, lesson: str | None = None) -> Handin:
        default = self.only.slug if self.only is not None else ""
        return Handin(self.learner, default if lesson is None else lesson, problem=sentence)

    def _holder(self, paths: list[Path]) -> Holder:
        if len(paths) > 1:
            raise SubmissionError(
                f"Handed in twice, as {_listing([path.name for path in paths])}; keep one."
            )
        path = paths[0]
        kind, suffix, name = kind_of(path), path.suffix.lower(), text.name(path.name)
        if kind == "folder":
            return _looked_through(path)
        if kind != "file":
            raise SubmissionError(f"`{name}` {SAID[kind]}.")
        if suffix == ".zip":
            return Zip(path)
        if suffix != ".py":
            raise SubmissionError(f"`{name}` is neither a folder nor a .zip; hand in one of these.")
        if self.only is None:
            raise SubmissionError(f"`{name}` is one file; say which lesson it is with --lesson.")
        return Script(path)

    def _located(self, holder: Holder) -> list[Handin]:
        place, entries = self._unwrapped(holder)
        folders = self._folders(entries)
        only = self.only
        if only is not None and ("app.py" in entries or not folders):
            return [Handin(self.learner, only.slug, holder, place)]
        if only is not None and only.slug not in folders:
            return [self._problem(f"Holds {', '.join(sorted(folders))}, but not {only.slug}.")]
        slugs = [lesson.slug for lesson in self.lessons if only in (None, lesson)]
        found = [
            self._lesson(slug, folders[slug], holder, place, entries)
            for slug in slugs
            if slug in folders
        ]
        problem = None if only is not None else self._strange(entries, folders)
        return found if problem is None else [*found, self._problem(problem)]

    def _known(self, name: str) -> str | None:
        """Return the slug of the lesson that a folder's name means, if it means one."""
        for lesson in self.lessons:
            if name.lower() in (lesson.slug.lower(), str(lesson.number), f"{lesson.number:02d}"):
                return lesson.slug
        return None

    def _nearest(self, name: str) -> str | None:
        """Return the lesson whose name a folder's name nearly is."""
        slugs = [lesson.slug for lesson in self.lessons]
        return next(iter(difflib.get_close_matches(name.lower(), slugs, 1, 0.8)), None)

    def _folders(self, entries: Mapping[str, Kind]) -> dict[str, list[str]]:
        folders: dict[str, list[str]] = {}
        for name in entries:
            slug = self._known(name)
            if slug is not None:
                folders.setdefault(slug, []).append(name)
        return folders

    def _unwrapped(self, holder: Holder) -> tuple[PurePosixPath, Mapping[str, Kind]]:
        """Step into a folder that holds everything, unless it is a lesson's."""
        place = _TOP
        entries = _sound(holder.entries(place))
        for _ in range(_MAX_WRAPPERS):
            if list(entries.values()) != ["folder"]:
                break
            (name,) = entries
            if self._known(name) is not None or (self.only is None and self._nearest(name)):
                break
            place /= name
            entries = _sound(holder.entries(place))
        return place, entries

    def _lesson(
        self,
        slug: str,
        names: list[str],
        holder: Holder,
        place: PurePosixPath,
        entries: Mapping[str, Kind],
    ) -> Handin:
        if len(names) > 1:
            return self._problem(f"{_listing(names)} are the same lesson; keep one of them.", slug)
        kind = entries[names[0]]
        if kind != "folder":
            return self._problem(f"`{text.name(names[0])}` {SAID[kind]}.", slug)
        return Handin(self.learner, slug, holder, place / names[0])

    def _strange(self, entries: Mapping[str, Kind], folders: Mapping[str, list[str]]) -> str | None:
        """Say what stands where lesson folders were expected; None when all is well."""
        lessons = {name for names in folders.values() for name in names}
        misnamed = [name for name in entries if name[:1].isdigit() or self._nearest(name)]
        misnamed = [name for name in misnamed if name not in lessons]
        if misnamed:
            near = self._nearest(misnamed[0])
            hint = f"; rename it to `{near}`" if near and len(misnamed) == 1 else ""
            return f"The course has no lesson that is called {_listing(misnamed)}{hint}."
        if folders:
            return None
        if "app.py" in entries:
            return "Holds an app.py and no lesson folders; say which lesson it is with --lesson."
        if entries:
            return f"Holds no lesson folder such as `04-event-handlers`, but {_listing(entries)}."
        return "Holds no files."


def _looked_through(path: Path) -> Holder:
    """Return what is in a learner's folder: mostly itself, with some platforms one zip in it."""
    folder = Folder(path)
    entries = _sound(folder.entries(_TOP))
    names = [name for name, kind in entries.items() if kind == "file" and name.endswith(".zip")]
    return Zip(path / names[0]) if len(entries) == len(names) == 1 else folder


def _sound(entries: Mapping[str, Kind]) -> dict[str, Kind]:
    ignored = submission.IGNORED_FOLDERS
    return {
        name: entries[name] for name in sorted(entries) if not is_junk(name) and name not in ignored
    }


def _listing(names: Mapping[str, Kind] | list[str]) -> str:
    shown = [f"`{text.one_line(name, 80)}`" for name in names]
    more = ["…"] if len(shown) > 4 else []
    return " and ".join(shown) if len(shown) == 2 else ", ".join(shown[:4] + more)
