"""The journal of a grading run: what is finished, one JSON line each, safe against any crash.

A line is written and synced before its result counts. What a crash left of a last line is cut
off; a damaged line elsewhere is skipped, so that its submission is graded again. Results stay
on disk and are read back one by one.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from checker.formats import text
from checker.report import SubmissionResult

FORMAT = 1
_HEADERS_KEPT = 20


class JournalBusy(Exception):
    """Another process is writing this journal."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished submission. ``key`` hashes all that its result depends on.

    ``quotes`` has the learner's own line for each check that speaks of one.
    """

    key: str
    result: SubmissionResult
    quotes: Mapping[str, str]

    @property
    def learner(self) -> str:
        """Whose work it is."""
        return self.result.learner

    @property
    def lesson(self) -> str:
        """The lesson's slug."""
        return self.result.lesson

    def to_line(self) -> bytes:
        """Return the entry as one line of JSON."""
        value = text.plain(
            {"key": self.key, "result": self.result.to_json(), "quotes": dict(self.quotes)}
        )
        return json.dumps(value, ensure_ascii=True).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Entry:
        """Read what `to_line` wrote; raises ValueError, TypeError or KeyError on anything else."""
        value: dict[str, Any] = json.loads(line)
        result = SubmissionResult.from_json(value["result"])
        return cls(str(value["key"]), result, dict(value["quotes"]))


class Journal:
    """An open journal; as a context it is locked against a second process."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is opened (and made, if need be) on entering the context."""
        self._path = path
        self._header = b""
        self._lines = 0
        self._places: dict[tuple[str, str], tuple[str, int]] = {}

    def __enter__(self) -> Journal:
        """Open, lock, cut off a half-written end, and find what is finished.

        Raises JournalBusy, or OSError when the file cannot be opened.
        """
        with ExitStack() as opened:
            self._end = opened.enter_context(self._open_locked())
            self._file = opened.enter_context(open(self._path, "rb"))
            self._find()
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _open_locked(self) -> FileIO:
        """Open and lock the file; again where another process has put a new one in its place."""
        while True:
            file = FileIO(self._path, "ab")
            try:
                _lock(file.fileno())
                with suppress(FileNotFoundError):
                    if os.path.samestat(os.fstat(file.fileno()), os.stat(self._path)):
                        return file
            except BaseException:
                file.close()
                raise
            file.close()

    def _find(self) -> None:
        sound = 0
        for line in iter(self._file.readline, b""):
            if not line.endswith(b"\n"):
                break
            self._note(line, sound)
            sound += len(line)
        self._end.truncate(sound)

    def _note(self, line: bytes, place: int) -> None:
        self._lines += 1
        try:
            entry = Entry.from_line(line)
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        self._places[entry.learner, entry.lesson] = entry.key, place

    def begin(self, header: Mapping[str, Any]) -> None:
        """Write down what this run grades with, for whoever reads the file. Raises OSError."""
        self._header = json.dumps({"journal": FORMAT, **header}).encode() + b"\n"
        self._append([self._header])

    def has(self, learner: str, lesson: str, key: str) -> bool:
        """Whether this very submission was finished under these very conditions."""
        return self._places.get((learner, lesson), ("", 0))[0] == key

    def write(self, entries: Sequence[Entry]) -> None:
        """Add finished submissions; they are on the disk when this returns. Raises OSError."""
        lines = [entry.to_line() for entry in entries]
        place = self._append(lines)
        for entry, line in zip(entries, lines, strict=True):
            self._places[entry.learner, entry.lesson] = entry.key, place
            place += len(line)

    def _append(self, lines: list[bytes]) -> int:
        place = self._end.seek(0, os.SEEK_END)
        left = memoryview(b"".join(lines))
        try:
            while left:
                left = left[self._end.write(left) :]
            os.fsync(self._end.fileno())
        except OSError:
            self._end.truncate(place)
            raise
        self._lines += len(lines)
        return place

    def read(self, learner: str, lesson: str) -> Entry:
        """Read one finished submission back; raises KeyError when there is none."""
        return Entry.from_line(self._line(learner, lesson))

    def _line(self, learner: str, lesson: str) -> bytes:
        self._file.seek(self._places[learner, lesson][1])
        return self._file.readline()

    def compact(self, live: Sequence[tuple[str, str]]) -> None:
        """Drop what is out of date once it is more than half; the last thing that a run does."""
        if self._lines <= 2 * len(live) + _HEADERS_KEPT:
            return
        temporary = self._path.with_name(f".{self._path.name}.tmp")
        with open(temporary, "wb") as file:
            file.write(self._header)
            file.writelines(self._line(*place) for place in live)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self._path)


def _lock(file: int) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise JournalBusy from None
