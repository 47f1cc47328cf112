"""The workbench's own rules: saving without losing, versions, reset, and the solution."""

from __future__ import annotations

from dataclasses import dataclass

from checker.lesson import Lesson
from webapp.bench.shelf import Shelf
from webapp.config import Config
from webapp.files import Files, check_name, seal
from webapp.stores.store import Store, Version

PAUSE = 600.0
"""Seconds of work after which the files as they were are kept as a version."""


class BenchError(ValueError):
    """Something that cannot be done; the message is for the learner."""


class Conflict(Exception):
    """A file was changed elsewhere meanwhile. Both texts are kept as versions."""

    def __init__(self, name: str, theirs: bytes | None) -> None:
        super().__init__(name)
        self.name = name
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Bench:
    """One learner's work on one lesson."""

    lesson: Lesson
    learner: int
    shelf: Shelf
    store: Store
    config: Config

    def files(self) -> dict[str, bytes]:
        """Return the learner's files as they are now."""
        return self.shelf.read()

    def save(self, name: str, text: str, base: str | None) -> str:
        """Save one file and return its seal.

        ``base`` is the seal of the content that the text was made from, or None for a new file.
        Raises Conflict if the file has another content by now, BenchError if it may not be saved.
        """
        content = self._content(name, text)
        kept: list[tuple[str, Files]] = []

        def put(files: dict[str, bytes]) -> Files:
            current = files.get(name)
            new = _with_endings_of(current, content)
            if current != new and (None if current is None else seal(current)) != base:
                kept.extend([("theirs", files), ("mine", {**files, name: new})])
                raise Conflict(name, current)
            self._check_room(files, name)
            kept.append(("earlier", files))
            return {**files, name: new}

        try:
            after = self.shelf.change(put)
        finally:
            for reason, files in kept:
                self._keep(reason, files, pause=PAUSE if reason == "earlier" else 0.0)
        return seal(after[name])

    def rename(self, old: str, new: str) -> dict[str, bytes]:
        """Give a file another name; raises BenchError if that is taken or cannot be used."""
        check_name(new)

        def move(files: dict[str, bytes]) -> Files:
            if old not in files:
                raise BenchError(f"{old} is not there any more.")
            if new in files:
                raise BenchError(f"{new} is there already. Choose another name.")
            return {(new if name == old else name): data for name, data in files.items()}

        return self.shelf.change(move)

    def remove(self, name: str) -> dict[str, bytes]:
        """Delete a file that is not the only one; the version with it is kept."""
        files = self.files()
        if not files.keys() - {name}:
            raise BenchError(f"{name} is your only file. Add another one first, or empty this one.")
        self._keep("removed", files)
        return self.shelf.change(lambda files: {n: d for n, d in files.items() if n != name})

    def reset(self) -> dict[str, bytes]:
        """Put the starter back; the learner's files are kept as a version."""
        self._keep("reset", self.files())
        return self.shelf.change(lambda files: self.lesson.starter())

    def restore(self, number: int) -> dict[str, bytes]:
        """Put an earlier version back; the files it replaces are kept as a version."""
        wanted = self.version(number)
        self._keep("restored", self.files())
        return self.shelf.change(lambda files: wanted)

    def keep_checked(self, files: Files) -> None:
        """Keep the files of a check as a version."""
        self._keep("checked", files)

    def versions(self) -> list[Version]:
        """List the kept versions, newest first."""
        return self.store.versions(self.learner, self.lesson.slug)

    def version(self, number: int) -> dict[str, bytes]:
        """Return the files of one version; raises BenchError if there is none."""
        found = self.store.version(self.learner, self.lesson.slug, number)
        if found is None:
            raise BenchError("That version is not kept any more.")
        return found

    def _keep(self, reason: str, files: Files, pause: float = 0.0) -> None:
        slug, most = self.lesson.slug, self.config.versions
        self.store.keep_version(self.learner, slug, reason, files, most=most, pause=pause)

    def _content(self, name: str, text: str) -> bytes:
        check_name(name)
        content = text.encode()
        if len(content) > self.config.file_bytes:
            most = self.config.file_bytes // 1024
            raise BenchError(f"{name} is larger than {most} kB, the most that is kept here.")
        return content

    def _check_room(self, files: Files, name: str) -> None:
        if name not in files and len(files) >= self.config.files:
            raise BenchError(f"There are {len(files)} files already, the most that are kept here.")


def _with_endings_of(current: bytes | None, new: bytes) -> bytes:
    """Keep Windows line endings in a file that has them: the page's editor has none."""
    if current is not None and b"\r\n" in current:
        return new.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return new
