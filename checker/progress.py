"""What a learner has reached: one small JSON file, safe against crashes and two writers."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checker.report import SubmissionResult

SCHEMA = 1


class ProgressError(Exception):
    """The progress cannot be read or kept. The text is one clear sentence for the learner."""


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """One lesson, or one stage of the project, as the learner left it.

    ``points`` is the best result so far, ``failing_task`` the task of the first check that did
    not pass when checks last ran, ``hints`` the number of rungs shown per task.
    """

    attempts: int = 0
    points: int = 0
    max_points: int = 0
    checked_at: str | None = None
    solved_at: str | None = None
    failing_task: int | None = None
    hints: Mapping[int, int] = field(default_factory=dict)
    solution_asked: int = 0

    @property
    def solved(self) -> bool:
        """Whether all checks have passed at least once."""
        return self.solved_at is not None

    def after(self, result: SubmissionResult) -> LessonProgress:
        """Return the progress with one more attempt counted."""
        failure = result.first_failure
        passed = result.status == "passed"
        return replace(
            self,
            attempts=self.attempts + 1,
            points=max(self.points, result.points),
            max_points=result.max_points or self.max_points,
            checked_at=now(),
            solved_at=self.solved_at or (now() if passed else None),
            failing_task=failure.task if failure else None if passed else self.failing_task,
        )

    def with_hint(self, task: int, rung: int) -> LessonProgress:
        """Return the progress with ``rung`` (counted from 1) shown for ``task``."""
        return replace(self, hints={**self.hints, task: max(rung, self.hints.get(task, 0))})

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> LessonProgress:
        """Read one lesson's entry; raises TypeError or ValueError on anything unexpected."""
        read = cls(**value)
        hints = {int(task): _count(rung) for task, rung in read.hints.items()}
        for number in (read.attempts, read.points, read.max_points, read.solution_asked):
            _count(number)
        if read.failing_task is not None:
            _count(read.failing_task)
        for moment in (read.checked_at, read.solved_at):
            if moment is not None:
                datetime.fromisoformat(moment)
        return replace(read, hints=hints)


@dataclass(frozen=True, slots=True)
class Progress:
    """Lessons and stages by slug. ``notice`` tells of a file that had to be set aside."""

    lessons: Mapping[str, LessonProgress] = field(default_factory=dict)
    notice: str | None = None

    def of(self, slug: str) -> LessonProgress:
        """Return one lesson's progress; a lesson never tried has an empty one."""
        return self.lessons.get(slug, LessonProgress())


@dataclass(frozen=True, slots=True)
class ProgressFile:
    """``progress.json`` in ``folder``: read whole, replaced whole, one writer at a time."""

    folder: Path

    @property
    def path(self) -> Path:
        """Where the progress is kept."""
        return self.folder / "progress.json"

    def read(self) -> Progress:
        """Read the progress; a damaged file is set aside and said in ``notice``."""
        try:
            text = self.path.read_text("utf-8")
        except FileNotFoundError:
            return Progress()
        except UnicodeDecodeError:
            return self._set_aside()
        except OSError as error:
            raise ProgressError(f"{self.path} cannot be read: {error.strerror}.") from None
        try:
            return _parse(text)
        except (TypeError, ValueError, LookupError, AttributeError, RecursionError):
            return self._set_aside()

    def update(self, slug: str, change: Callable[[LessonProgress], LessonProgress]) -> Progress:
        """Apply ``change`` to one lesson and keep it; raises ProgressError if it cannot be kept."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with _locked(self.folder / "lock"):
                before = self.read()
                after = replace(before, lessons={**before.lessons, slug: change(before.of(slug))})
                write_atomically(self.path, _format(after).encode())
        except OSError as error:
            raise ProgressError(
                f"Your progress could not be saved in {self.path}: {error.strerror}."
            ) from None
        return after

    def _set_aside(self) -> Progress:
        spoiled = self.path.with_name(f"progress.broken-{stamp()}.json")
        with suppress(OSError):
            os.replace(self.path, spoiled)
        return Progress(
            notice=f"{self.path} could not be understood. It was kept as {spoiled.name}, and your "
            "progress starts anew; your own files are as they were."
        )


def now() -> str:
    """Return the present moment, ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def stamp() -> str:
    """Return the local time in a form that suits a file name and sorts by age."""
    return datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` so that a reader, or a crash, meets the old file or the new one whole."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(f"{value!r} is not a count.")
    return value


def _parse(text: str) -> Progress:
    value = json.loads(text)
    if isinstance(value.get("schema"), int) and value["schema"] > SCHEMA:
        raise ProgressError(
            "This workspace was used with a newer version of the course; update the course first."
        )
    if value.get("schema") != SCHEMA:
        raise ValueError("not a progress file")
    lessons = value["lessons"].items()
    return Progress({slug: LessonProgress.from_json(entry) for slug, entry in lessons})


def _format(progress: Progress) -> str:
    lessons = {slug: asdict(entry) for slug, entry in sorted(progress.lessons.items())}
    return json.dumps({"schema": SCHEMA, "lessons": lessons}, indent=2) + "\n"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file ``path`` locked; another process waits until it is released."""
    with open(path, "a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
