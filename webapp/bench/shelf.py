"""Where a learner's files lie: in the database, or in their own folder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from checker.lesson import Lesson
from checker.progress import write_atomically
from checker.submission import Submission, SubmissionError
from webapp.files import Files, check_name, digest
from webapp.stores.store import Store

Change: TypeAlias = Callable[[dict[str, bytes]], Files]


class Shelf(Protocol):
    """One learner's files in one lesson."""

    def read(self) -> dict[str, bytes]:
        """Return the files as they are now."""

    def change(self, change: Change) -> dict[str, bytes]:
        """Put ``change(files)`` in their place and return it; what it raises changes nothing."""


@dataclass(frozen=True, slots=True)
class StoredShelf:
    """Files in the database; until the first change, what the lesson begins with.

    That is its starter, or the learner's own files of ``former``, if there is such a lesson.
    """

    store: Store
    learner: int
    lesson: Lesson
    former: Lesson | None = None

    def read(self) -> dict[str, bytes]:
        """Return the files as they are now."""
        kept = self.store.files(self.learner, self.lesson.slug)
        return self._first() if kept is None else kept

    def change(self, change: Change) -> dict[str, bytes]:
        """Put ``change(files)`` in their place and return it."""
        return self.store.change_files(self.learner, self.lesson.slug, self._first(), change)

    def _first(self) -> dict[str, bytes]:
        own = self.store.files(self.learner, self.former.slug) if self.former else None
        return own or self.lesson.starter()


class FolderShelf:
    """Files in the learner's own folder, which their editor may change at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._known = ""
        with suppress(SubmissionError):
            self._known = digest(self.read())

    def read(self) -> dict[str, bytes]:
        """Return the files as they are now; raises SubmissionError for a folder beyond bounds."""
        if not self._folder.is_dir():
            return {}
        return dict(Submission.from_path(self._folder).files)

    def change(self, change: Change) -> dict[str, bytes]:
        """Put ``change(files)`` in their place and return it; only changed files are written."""
        with self._lock:
            before = self.read()
            after = dict(change(dict(before)))
            for name in after:
                if after[name] != before.get(name):
                    path = self._path(name)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    write_atomically(path, after[name])
            for name in before.keys() - after.keys():
                self._path(name).unlink(missing_ok=True)
            self._known = digest(after)
            return after

    def news(self) -> dict[str, bytes] | None:
        """Return the files if anything but `change` has changed them since the last call.

        Raises SubmissionError for a folder beyond bounds; what is within them again is news.
        """
        with self._lock:
            seen, self._known = self._known, ""
            files = self.read()
            self._known = digest(files)
            return files if seen != self._known else None

    def _path(self, name: str) -> Path:
        return self._folder.joinpath(*check_name(name).split("/"))
