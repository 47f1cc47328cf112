"""A workspace: one folder per lesson, and one for the project, and what the learner has reached.

Nothing here overwrites a learner's file: `reset` moves it to ``.course/backups`` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.lesson import PROJECT, Course, Lesson
from checker.progress import LessonProgress, Progress, ProgressFile, stamp, write_atomically
from checker.report import SubmissionResult
from checker.stages import Stage
from checker.submission import IGNORED_FOLDERS

MARK = ".course"


class WorkspaceError(Exception):
    """The workspace cannot do what was asked. The text is one clear sentence for the learner."""


@dataclass(frozen=True, slots=True)
class Started:
    """What `Workspace.start` did: the folders that it filled, and those it left alone."""

    workspace: Workspace
    added: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder ``root`` that a learner works in.

    ``on_notice`` is told, in a sentence for the learner, when a damaged file had to be set aside.
    """

    root: Path
    on_notice: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)

    @property
    def _file(self) -> ProgressFile:
        return ProgressFile(self.root / MARK)

    @classmethod
    def start(cls, root: Path, course: Course) -> Started:
        """Make ``root`` a workspace, or complete one; a folder with content is kept.

        Raises WorkspaceError when it cannot be written.
        """
        workspace = cls(root)
        added: list[str] = []
        kept: list[str] = []
        try:
            (root / MARK).mkdir(parents=True, exist_ok=True)
            for work in (*course.lessons, *course.stages[:1]):
                folder = workspace.folder(work)
                if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                    kept.append(work.home)
                else:
                    _write_files(folder, work.starter())
                    added.append(work.home)
        except OSError as error:
            where = error.filename or root
            raise WorkspaceError(f"{where} cannot be written: {error.strerror}.") from None
        return Started(workspace, tuple(added), tuple(kept))

    @classmethod
    def find(
        cls, start: Path, on_notice: Callable[[str], None] = lambda _: None
    ) -> Workspace | None:
        """Find the workspace that ``start`` lies in: the nearest folder upwards with a mark."""
        here = start.resolve()
        for folder in (here, *here.parents):
            if (folder / MARK).is_dir():
                return cls(folder, on_notice)
        return None

    def folder(self, lesson: Lesson) -> Path:
        """Return the learner's folder for ``lesson``; all stages of the project have the same."""
        return self.root / lesson.home

    def lesson_at(self, path: Path, course: Course) -> Lesson | None:
        """Return the lesson whose folder ``path`` lies in, if any.

        In the project's folder it is the first stage that has not passed yet, or the last one.
        """
        inside = path.resolve()
        around = {inside, *inside.parents}
        for lesson in course.lessons:
            if self.folder(lesson).resolve() in around:
                return lesson
        if (self.root / PROJECT).resolve() in around and course.stages:
            return self.next_stage(course) or course.stages[-1]
        return None

    def progress(self) -> Progress:
        """Read what the learner has reached; raises ProgressError."""
        return self._heard(self._file.read())

    def first_unsolved(self, course: Course) -> Lesson | None:
        """Return the first lesson that has not passed yet, or None when all have."""
        progress = self.progress()
        return next((item for item in course.lessons if not progress.of(item.slug).solved), None)

    def next_stage(self, course: Course) -> Stage | None:
        """Return the first stage of the project that has not passed yet, if there is one."""
        progress = self.progress()
        return next((item for item in course.stages if not progress.of(item.slug).solved), None)

    def last_checked(self, course: Course) -> Lesson | None:
        """Return what was checked last, unless it has passed or nothing was checked."""
        progress = self.progress()
        works: Sequence[Lesson] = (*course.lessons, *course.stages)
        moments = {item.slug: progress.of(item.slug).checked_at or "" for item in works}
        last = max(works, key=lambda item: moments[item.slug], default=None)
        if last is None or not moments[last.slug] or progress.of(last.slug).solved:
            return None
        return last

    def record(self, result: SubmissionResult) -> Progress:
        """Keep the outcome of one check of the learner's own folder; raises ProgressError."""
        return self._update(result.lesson, lambda before: before.after(result))

    def record_hint(self, lesson: Lesson, task: int, rung: int) -> Progress:
        """Keep that hint number ``rung`` of ``task`` was shown; raises ProgressError."""
        return self._update(lesson.slug, lambda before: before.with_hint(task, rung))

    def record_solution_asked(self, lesson: Lesson) -> LessonProgress:
        """Count one request for the solution and return the lesson's progress after it."""

        def ask(before: LessonProgress) -> LessonProgress:
            return replace(before, solution_asked=before.solution_asked + 1)

        return self._update(lesson.slug, ask).of(lesson.slug)

    def _update(self, slug: str, change: Callable[[LessonProgress], LessonProgress]) -> Progress:
        return self._heard(self._file.update(slug, change))

    def _heard(self, progress: Progress) -> Progress:
        if progress.notice:
            self.on_notice(progress.notice)
        return progress

    def reset(self, lesson: Lesson) -> Path | None:
        """Put the starter back; return the folder of the backup, or None if nothing was there.

        Virtual environments and dot files stay where they are. Raises WorkspaceError.
        """
        folder = self.folder(lesson)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            backup = self._move_away(lesson, _own_files(folder))
            _write_files(folder, lesson.starter())
        except OSError as error:
            where = error.filename or folder
            raise WorkspaceError(f"{where} cannot be changed: {error.strerror}.") from None
        return backup

    def _move_away(self, lesson: Lesson, paths: Iterable[Path]) -> Path | None:
        backup = self.root / MARK / "backups" / stamp() / lesson.slug
        moved = None
        for path in paths:
            backup.mkdir(parents=True, exist_ok=True)
            path.rename(backup / path.name)
            moved = backup
        return moved


def _own_files(folder: Path) -> list[Path]:
    """List what a learner wrote at the top of a lesson folder, folders included."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.name not in IGNORED_FOLDERS and not path.name.startswith(".")
    )


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
