"""What a command works on: which lesson, which files, and whose workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checker.lesson import PROJECT, Course, Lesson, LessonNotFound
from checker.stages import Stage
from checker.submission import Submission, SubmissionError
from checker.workspace import Workspace

ENTRY = "app.py"


class TargetError(Exception):
    """The arguments name nothing to work on. The text is one clear sentence for the learner."""


@dataclass(frozen=True, slots=True)
class Target:
    """One lesson and the learner's files for it.

    ``path`` is a folder or a script. ``workspace`` is set only where ``path`` is that
    workspace's folder for the lesson, so that what happens counts as the learner's progress.
    """

    course: Course
    lesson: Lesson
    path: Path
    workspace: Workspace | None

    def files(self) -> Mapping[str, bytes]:
        """Read the learner's files; none where they cannot be read."""
        try:
            return Submission.from_path(self.path).files
        except SubmissionError:
            return {}


def choose(
    course: Course, name: str | None, path: Path | None, here: Path, workspace: Workspace | None
) -> Target | None:
    """Find what LESSON and PATH mean in the folder ``here``; raises TargetError.

    Returns None where nothing was named and every lesson of the workspace has passed.
    """
    if name is None:
        return _unnamed(course, here, workspace)
    lesson, meant = _lesson(course, name, here, workspace)
    if path is None and meant is not None:
        path = meant
    if path is None:
        return _lesson_without_path(course, lesson, here, workspace)
    place = here / path
    if not place.exists():
        raise TargetError(f"{path} is not there; name a folder or an app.py.")
    own = workspace and _is_own_folder(workspace, lesson, place)
    return Target(course, lesson, place, workspace if own else None)


def lesson_of(
    course: Course, name: str | None, here: Path, workspace: Workspace | None
) -> Lesson | None:
    """Find the lesson alone, for commands that need none of the learner's files.

    Without a name it is the lesson that the learner is at: by folder, by the last check, or else
    the first unsolved one.
    """
    if name is None:
        if workspace is not None and workspace.lesson_at(here, course) is None:
            return workspace.last_checked(course) or workspace.first_unsolved(course)
        target = _unnamed(course, here, workspace)
        return target.lesson if target else None
    return _lesson(course, name, here, workspace)[0]


def _unnamed(course: Course, here: Path, workspace: Workspace | None) -> Target | None:
    if workspace is None:
        example = course.lessons[0].handle if course.lessons else "1"
        raise TargetError(
            "There is no workspace here. Run `course start` to make one, or name a lesson and "
            f"your app: `course check {example} path/to/app.py`."
        )
    lesson = workspace.lesson_at(here, course) or workspace.first_unsolved(course)
    return Target(course, lesson, workspace.folder(lesson), workspace) if lesson else None


def _lesson(
    course: Course, name: str, here: Path, workspace: Workspace | None
) -> tuple[Lesson, Path | None]:
    """Return the lesson called ``name``; where that is a path, also the path."""
    try:
        return course.find(name.rstrip("/\\")), None
    except LessonNotFound:
        place = here / name
        if not place.exists():
            raise
    lesson = workspace.lesson_at(place, course) if workspace else None
    folder = place.resolve() if place.is_dir() else place.resolve().parent
    for candidate in course.lessons:
        if lesson is None and folder.name == candidate.slug:
            lesson = candidate
    if lesson is None:
        example = course.stages[0].handle if folder.name == PROJECT and course.stages else "4"
        raise TargetError(
            f"{name} is a path; name the lesson first, for example `course check {example} {name}`."
        )
    return lesson, Path(name)


def _lesson_without_path(
    course: Course, lesson: Lesson, here: Path, workspace: Workspace | None
) -> Target:
    if workspace is not None:
        folder = workspace.folder(lesson)
        if folder.is_dir():
            return Target(course, lesson, folder, workspace)
        again = "" if isinstance(lesson, Stage) else " again"  # it may be older than the project
        raise TargetError(f"{folder} is not there; `course start` makes it{again}.")
    for folder in (here / lesson.home, here):
        if (folder / ENTRY).is_file():
            return Target(course, lesson, folder, None)
    raise TargetError(
        f"There is no app.py here. Name yours, `course check {lesson.handle} path/to/app.py`, "
        "or run `course start` to make a workspace."
    )


def _is_own_folder(workspace: Workspace, lesson: Lesson, place: Path) -> bool:
    folder = workspace.folder(lesson).resolve()
    return place.resolve() in (folder, folder / ENTRY)
