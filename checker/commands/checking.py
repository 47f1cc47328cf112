"""Check one lesson and tell the learner about it, as it happens and then what to do next."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Iterator
from pathlib import Path

from checker.commands.screen import Screen, line, relative
from checker.commands.target import Target
from checker.formats import terminal, text
from checker.formats.terminal import Line
from checker.lesson import Lesson
from checker.progress import ProgressError
from checker.report import CheckResult, Report, SubmissionResult
from checker.run import (
    CheckFinished,
    CheckStarted,
    Event,
    Pool,
    RunFinished,
    RunStarted,
    check_submission,
    lanes_of,
)
from checker.stages import Stage
from checker.submission import Submission, SubmissionError


def check(
    target: Target, pool: Pool, screen: Screen, cancel: threading.Event | None = None
) -> Report:
    """Check the target's files, show it on ``screen``, count it as progress, and report.

    Raises `checker.run.Cancelled` once ``cancel`` is set.
    """
    lesson = target.lesson
    screen.say(line(f"{lesson.label}: {lesson.title}", "bold"), "")
    if lesson.runs_scripts:
        pool.prepare("script")
    files = {}
    try:
        submission = Submission.from_path(target.path)
        files = dict(submission.files)
        result = _follow(
            check_submission(
                lesson, submission, stage_pool=pool, cancel=cancel, lanes=lanes_of(lesson)
            ),
            screen,
        )
    except SubmissionError as error:
        points = sum(item.points for item in lesson.checks())
        result = SubmissionResult("you", lesson.slug, "error", 0, points, message=str(error))
    report = Report(pool.versions, pool.sandbox, (result,))
    screen.say(*_trouble(target, result, files))
    screen.say("", terminal.summary(result, versions=report.versions, sandbox=report.sandbox))
    if target.workspace is not None:
        try:
            target.workspace.record(result)
        except ProgressError as error:
            screen.say(line(str(error), "bad"))
    screen.say("", *next_steps(target, result))
    return report


def exit_status(report: Report) -> int:
    """Return 0 if all passed, 1 if something did not, 2 if a check itself was at fault."""
    outcomes = [item.outcome for result in report.submissions for item in result.checks]
    if "broken" in outcomes:
        return 2
    return 0 if all(result.status == "passed" for result in report.submissions) else 1


def _follow(events: Iterator[Event], screen: Screen) -> SubmissionResult:
    titles: dict[str, str] = {}
    result = None
    for event in events:
        if isinstance(event, CheckFinished):
            screen.say(terminal.check_line(event.result))
        elif isinstance(event, CheckStarted):
            screen.status(f"  … {text.one_line(titles.get(event.name, event.name))}")
        elif isinstance(event, RunFinished):
            result = event.result
        elif isinstance(event, RunStarted):
            titles = {info.name: info.title for info in event.checks}
    assert result is not None, "a run ends with RunFinished"
    return result


def _trouble(
    target: Target, result: SubmissionResult, files: dict[str, bytes]
) -> Iterator[Line | str]:
    """Yield the first failure in full, or why no check could run."""
    if result.message:
        yield line(text.message(result.message), "bad", 2)
    failure = result.first_failure
    if failure is None:
        return
    yield ""
    yield from terminal.failure(failure, files)
    more = sum(item.outcome not in ("passed", "skipped") for item in result.checks) - 1
    if more > 0:
        word = "check" if more == 1 else "checks"
        yield ""
        yield line(f"{more} more {word} did not pass; begin with this one.", "dim", 2)


def next_steps(target: Target, result: SubmissionResult) -> Iterator[Line | str]:
    """Yield where to read on: the task of the first failure, or the next lesson."""
    lesson = target.lesson
    if result.status == "passed":
        yield line(f"{lesson.label} is done.", "good")
        yield from _after_stage(target) if isinstance(lesson, Stage) else _after_lesson(target)
        return
    failure = result.first_failure
    if failure is not None:
        yield _reading(lesson, failure)
        yield f"Stuck? `course hint {lesson.handle}` gives a hint, one step at a time."


def _after_lesson(target: Target) -> Iterator[str]:
    """Say what comes after a lesson that passed: the next one, or the project."""
    course, lesson = target.course, target.lesson
    after = next((item for item in course.lessons if item.number > lesson.number), None)
    if after is not None:
        where = ""
        if target.workspace is not None:
            where = f" Your files for it are in {relative(target.workspace.folder(after))}."
        yield f"Next comes lesson {after.number}: {after.title}.{where}"
        return
    yield f"It was the last lesson. `course diff {lesson.handle}` shows your app beside ours."
    workspace = target.workspace
    stage = workspace.next_stage(course) if workspace else next(iter(course.stages), None)
    if stage is not None:
        yield f"Now build the project, one app that grows in stages: `course check {stage.handle}`."


def _after_stage(target: Target) -> Iterator[str]:
    """Say what comes after a stage that passed: the next one goes on with the same app."""
    course, stage = target.course, target.lesson
    place = "" if target.workspace else f" {shlex.quote(relative(target.path))}"
    after = next((item for item in course.stages if item.number > stage.number), None)
    if after is None:
        yield "It was the last stage: the project is built."
        yield f"`course diff {stage.handle}{place}` shows your app beside ours."
    else:
        yield f"Next comes stage {after.number}: {after.title}. Go on with the app that you have:"
        yield f"`course check {after.handle}{place}`."


def _reading(lesson: Lesson, failure: CheckResult) -> str:
    title = next((task.title for task in lesson.tasks if task.number == failure.task), "")
    path = lesson.folder / "lesson.md"
    number = _line_of(path, f"## Task {failure.task}:")
    return f"Read task {failure.task}, {title}: {relative(path)}{number}"


def _line_of(path: Path, start: str) -> str:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return ""
    found = next((number for number, row in enumerate(lines, 1) if row.startswith(start)), None)
    return f":{found}" if found else ""
