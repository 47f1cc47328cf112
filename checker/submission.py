"""A submission: the learner's files, copied in within bounds and never followed elsewhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MAX_FILES = 200
MAX_FILE_BYTES = 512_000
MAX_TOTAL_BYTES = 4_000_000
MAX_SCRIPT_BYTES = 200_000
MAX_DEPTH = 8
MAX_NAME_BYTES = 200
IGNORED_FOLDERS = frozenset(
    {"__pycache__", "node_modules", "venv", "env", "site-packages", "__MACOSX", "instance"}
)
IGNORED_SUFFIXES = (".pyc", ".pyo", ".pth")


class SubmissionError(Exception):
    """No check can run on these files. The text is one clear sentence for the learner."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The files of one learner's app: relative POSIX path to content. ``entry`` is the script."""

    files: Mapping[str, bytes]
    entry: str = "app.py"

    @classmethod
    def from_files(cls, files: Mapping[str, bytes | str], entry: str = "app.py") -> Submission:
        """Take files that are already in memory (the browser's editor, a lesson's variants)."""
        content = {
            name: text.encode() if isinstance(text, str) else text for name, text in files.items()
        }
        for name in content:
            _check_name(name)
        if len(content) > MAX_FILES:
            raise SubmissionError(f"There are {len(content)} files; at most {MAX_FILES} are read.")
        folders = {str(folder) for name in content for folder in PurePosixPath(name).parents}
        for name in folders & content.keys():
            raise SubmissionError(f"{name} is both a file and a folder; rename one of them.")
        for name, data in content.items():
            _check_size(name, len(data))
        if sum(map(len, content.values())) > MAX_TOTAL_BYTES:
            raise SubmissionError(f"The files hold more than {MAX_TOTAL_BYTES:,} bytes together.")
        return cls(content, entry)

    @classmethod
    def from_path(cls, path: Path, entry: str = "app.py") -> Submission:
        """Read a folder, or the folder's ``app.py`` when ``path`` names a single file.

        Symbolic links, pipes and devices are never opened; ``__pycache__``, virtual environments
        and dot files are left out. Raises SubmissionError with one sentence on anything else.
        """
        if path.is_file() and not path.is_symlink():
            if path.suffix != ".py":
                raise SubmissionError(f"{path.name} is not a Python file; name a folder or app.py.")
            if path.name == entry:
                return cls.from_path(path.parent, entry)
            return cls.from_files({entry: _read(path, path.name)}, entry)
        if path.is_symlink() or not path.is_dir():
            reason = "a link" if path.is_symlink() else "not there" if not path.exists() else "odd"
            raise SubmissionError(f"{path.name} is {reason}; name a folder or an app.py.")
        return cls.from_files(dict(_walk(path)), entry)

    def require_entry(self) -> None:
        """Raise SubmissionError when the entry script cannot be read as Python source text."""
        data = self.files.get(self.entry)
        if data is None:
            raise SubmissionError(_missing_entry(self.entry, self.files))
        if len(data) > MAX_SCRIPT_BYTES:
            raise SubmissionError(f"{self.entry} is larger than {MAX_SCRIPT_BYTES:,} bytes.")
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise SubmissionError(
                f"{self.entry} is saved as UTF-16; save it as UTF-8 in your editor."
            )
        if b"\0" in data:
            raise SubmissionError(f"{self.entry} holds a NUL byte, so Python cannot read it.")
        if not data.strip():
            raise SubmissionError(f"{self.entry} is empty; write your app in it.")


def _missing_entry(entry: str, files: Mapping[str, bytes]) -> str:
    scripts = sorted(name for name in files if name.endswith(".py") and "/" not in name)
    nested = sorted(name for name in files if PurePosixPath(name).name == entry)
    if nested:
        return f"{entry} was not found here, but {nested[0]} was; check that folder instead."
    other = next((name for name in scripts if name.lower() == entry.lower()), None)
    guess = other or (scripts[0] if scripts else None)
    if guess:
        return f"{entry} was not found; did you mean {guess}? Rename it to {entry}."
    return f"{entry} was not found; the lesson's app must be in a file of that name."


def _walk(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield relative names and contents, within the bounds, in a stable order."""
    total = count = 0
    pending = [(root, PurePosixPath())]
    while pending:
        folder, prefix = pending.pop()
        for item in _entries(folder):
            name = prefix / item.name
            if item.is_symlink():
                raise SubmissionError(f"{name} is a symbolic link; copy the file itself.")
            if item.is_dir(follow_symlinks=False):
                if item.name in IGNORED_FOLDERS or item.name.startswith("."):
                    continue
                if len(name.parts) >= MAX_DEPTH:
                    raise SubmissionError(f"{name} is nested deeper than {MAX_DEPTH} folders.")
                pending.append((Path(item.path), name))
            elif not item.name.startswith(".") and not item.name.endswith(IGNORED_SUFFIXES):
                data = _read(Path(item.path), str(name))
                total, count = total + len(data), count + 1
                if count > MAX_FILES or total > MAX_TOTAL_BYTES:
                    raise SubmissionError(
                        f"The folder holds more than {MAX_FILES} files or "
                        f"{MAX_TOTAL_BYTES:,} bytes; keep only what the app needs."
                    )
                yield str(name), data


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """List a folder in name order, stopping early at one that is absurdly full."""
    found: list[os.DirEntry[str]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found.append(entry)
                if len(found) > 20 * MAX_FILES:
                    raise SubmissionError(f"The folder {folder.name} holds too many files.")
    except OSError as error:
        raise SubmissionError(f"{folder.name} cannot be read: {error.strerror}.") from None
    return sorted(found, key=lambda entry: entry.name)


def _read(path: Path, name: str) -> bytes:
    """Read one regular file without following a link or waiting on a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise SubmissionError(f"{name} cannot be read: {error.strerror}.") from None
    with os.fdopen(descriptor, "rb") as file:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise SubmissionError(f"{name} is not a regular file.")
        _check_size(name, info.st_size)
        data = file.read(MAX_FILE_BYTES + 1)
    _check_size(name, len(data))
    return data


def _check_size(name: str, size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise SubmissionError(f"{name} is larger than {MAX_FILE_BYTES:,} bytes.")


def _check_name(name: str) -> None:
    parts = name.split("/")
    bad = not name or "\\" in name or "\0" in name or any(part in {"", ".", ".."} for part in parts)
    if bad or len(parts) > MAX_DEPTH:
        raise SubmissionError(f"{name!r} is not a file name that can be used here.")
    try:
        too_long = len(name.encode()) > MAX_NAME_BYTES
    except UnicodeEncodeError:
        raise SubmissionError(f"{name!r} is not a file name in UTF-8.") from None
    if too_long:
        raise SubmissionError(f"The file name {name[:40]}… is longer than {MAX_NAME_BYTES} bytes.")
