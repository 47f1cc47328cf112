"""What `course grade` does: it reads the roster, grades, and tells what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checker.commands import console
from checker.commands.console import FailedToWork
from checker.commands.teaching import GradeProgress, graded_lines
from checker.formats import roster
from checker.grade import grade
from checker.grading.reports import Options


def run(
    directory: Path,
    out: Path,
    *,
    lesson: str | None,
    jobs: int | None,
    formats: Sequence[str],
    people: Path | None,
    look_alike: bool,
    allow_unsafe: bool,
    json_file: str | None,
) -> bool:
    """Grade a folder of submissions; return whether everything passed.

    ``people`` is a roster's file. Raises GradeError, FailedToWork, LessonNotFound.
    """
    content = console.load()
    errors = console.screen(error=True)
    try:
        listed = roster.read(people) if people else None
    except roster.RosterError as error:
        raise FailedToWork(str(error)) from None
    progress = GradeProgress(errors)
    graded = grade(
        directory,
        out,
        course=content,
        lesson=console.only_lesson(content, lesson) if lesson else None,
        jobs=jobs,
        allow_unsafe=allow_unsafe,
        options=Options(tuple(formats), listed, look_alike),
        progress=progress,
        notice=progress.notice,
    )
    errors.status("")
    console.screen(quiet=json_file == "-").say(*graded_lines(graded))
    console.copy_json(out / "report.json", json_file)
    return graded.all_passed
