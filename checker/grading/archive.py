"""What a learner hands in, as something that can be listed and read: a folder, a zip, one file.

Nothing here trusts a name or a size that a learner chose. What cannot be read is a
SubmissionError with one clear sentence.
"""

from __future__ import annotations

import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Literal, Protocol, TypeAlias, cast

from checker import submission
from checker.formats import text
from checker.submission import Submission, SubmissionError

MAX_ENTRIES = 4000
MAX_ZIP_BYTES = 64_000_000
MAX_ZIP_DIRECTORY_BYTES = 2_000_000
"""A zip's table of contents is read in one piece; 2 MB hold some 20,000 entries."""
MAX_ZIP_RATIO = 200
_RATIO_MATTERS_FROM = 100_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_ZIP_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)

Kind: TypeAlias = Literal["folder", "file", "link", "pipe", "device"]
SAID: dict[Kind, str] = {
    "folder": "is a folder, and a file belongs there",
    "file": "is a file, and a folder belongs there",
    "link": "is a symbolic link; hand in the files themselves",
    "pipe": "is a pipe, not a file",
    "device": "is a device, not a file",
}


class Holder(Protocol):
    """Something that holds a learner's files."""

    def entries(self, place: PurePosixPath) -> Mapping[str, Kind]:
        """List what is directly in ``place``; raises SubmissionError or OSError."""

    def read(self, place: PurePosixPath) -> Submission:
        """Read all that is under ``place``; raises SubmissionError or OSError."""


def kind_of(path: Path) -> Kind:
    """Say what ``path`` itself is; a link is a link, wherever it leads."""
    return _kind(path.lstat().st_mode)


def _kind(mode: int) -> Kind:
    if stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0:
        return "file"
    return "pipe" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else "device"


def is_junk(name: str) -> bool:
    """Whether a name is one that systems and editors leave behind, and no learner's work."""
    return (
        name.startswith(".") or name == "__MACOSX" or name.lower() in ("thumbs.db", "desktop.ini")
    )


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on disk."""

    path: Path

    def entries(self, place: PurePosixPath) -> Mapping[str, Kind]:
        """List what is directly in ``place``."""
        found: dict[str, Kind] = {}
        with os.scandir(self.path / place) as entries:
            for entry in entries:
                found[entry.name] = _kind(entry.stat(follow_symlinks=False).st_mode)
                if len(found) > MAX_ENTRIES:
                    raise SubmissionError(f"The folder holds more than {MAX_ENTRIES:,} entries.")
        return found

    def read(self, place: PurePosixPath) -> Submission:
        """Read all that is under ``place``."""
        read = Submission.from_path(self.path / place)
        _refuse_twins(read.files)
        return read


@dataclass(frozen=True, slots=True)
class Script:
    """A single Python file, which stands for an ``app.py``."""

    path: Path

    def entries(self, place: PurePosixPath) -> Mapping[str, Kind]:
        """List the one file."""
        return {"app.py": "file"}

    def read(self, place: PurePosixPath) -> Submission:
        """Read the one file."""
        with _opened(self.path, submission.MAX_FILE_BYTES) as file:
            return Submission.from_files({"app.py": file.read(submission.MAX_FILE_BYTES + 1)})


@dataclass(frozen=True, slots=True)
class Zip:
    """A zip on disk. It is opened anew for each question, so that a thousand cost no memory."""

    path: Path

    def entries(self, place: PurePosixPath) -> Mapping[str, Kind]:
        """List what is directly in ``place``."""
        found: dict[str, Kind] = {}
        with _Opened(self.path) as archive:
            for name, info in _contents(archive):
                if name == place or not name.is_relative_to(place):
                    continue
                top, *deeper = name.relative_to(place).parts
                if deeper or _is_folder(info):
                    found[top] = "folder"
                else:
                    found.setdefault(top, _kind(info.external_attr >> 16))
        return found

    def read(self, place: PurePosixPath) -> Submission:
        """Unpack all that is under ``place``, in memory and within the bounds of a folder."""
        files: dict[str, bytes] = {}
        total = 0
        with _Opened(self.path) as archive:
            for name, info in _files(archive, place):
                if name in files:
                    raise SubmissionError(f"The zip holds `{text.name(name)}` twice.")
                files[name] = _extracted(archive, info, name)
                total += len(files[name])
                if total > submission.MAX_TOTAL_BYTES or len(files) > submission.MAX_FILES:
                    raise SubmissionError(
                        f"The zip holds more than {submission.MAX_FILES} files or "
                        f"{submission.MAX_TOTAL_BYTES:,} bytes; keep only what the app needs."
                    )
        _refuse_twins(files)
        return Submission.from_files(files)


class _Opened:
    """An open zip, as a context; whatever its bytes lead to inside is one SubmissionError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def __enter__(self) -> zipfile.ZipFile:
        self._file = _opened(self._path, MAX_ZIP_BYTES)
        try:
            return zipfile.ZipFile(cast("IO[bytes]", _Guarded(self._file)))
        except _ZIP_TROUBLE as error:
            self._file.close()
            raise self._unreadable(error) from None
        except BaseException:
            self._file.close()
            raise

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._file is not None:
            self._file.close()
        if isinstance(error, _ZIP_TROUBLE):
            raise self._unreadable(error) from None

    def _unreadable(self, error: BaseException) -> SubmissionError:
        reason = text.one_line(str(error), 120).rstrip(".") or type(error).__name__
        name = text.name(self._path.name)
        return SubmissionError(f"`{name}` is not a zip that can be read: {reason}.")


class _Guarded:
    """A file that refuses to be read in a piece as large as no honest table of contents is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        most = MAX_ZIP_DIRECTORY_BYTES
        data = self._file.read(most + 1 if size < 0 else min(size, most + 1))
        if len(data) > most:
            raise SubmissionError("The zip holds too many entries; zip only your own files.")
        return data


def _opened(path: Path, most: int) -> BinaryIO:
    """Open a regular file of at most ``most`` bytes, following no link, waiting on no pipe."""
    wanted = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC")
    flags = sum(getattr(os, name, 0) for name in wanted)
    file = os.fdopen(os.open(path, os.O_RDONLY | flags), "rb")
    info = os.fstat(file.fileno())
    regular = stat.S_ISREG(info.st_mode)
    if regular and info.st_size <= most:
        return file
    file.close()
    reason = f"is larger than {most:,} bytes" if regular else "is not a regular file"
    raise SubmissionError(f"`{text.name(path.name)}` {reason}.")


def _contents(archive: zipfile.ZipFile) -> Iterator[tuple[PurePosixPath, zipfile.ZipInfo]]:
    """Yield the entries that matter; raises SubmissionError on a name that leads elsewhere."""
    for info in archive.infolist():
        raw = info.orig_filename.replace("\\", "/")
        parts = [part for part in raw.split("/") if part not in ("", ".")]
        if raw.startswith("/") or raw[1:2] == ":" or ".." in parts or "\0" in raw:
            name = text.one_line(raw, 80)
            raise SubmissionError(f"The zip holds the name `{name}`, which leads out of it.")
        if parts and not any(is_junk(part) for part in parts):
            yield PurePosixPath(*parts), info


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.orig_filename.endswith(("/", "\\"))


def _files(archive: zipfile.ZipFile, place: PurePosixPath) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Yield the files under ``place`` by their names there: the same ones as from a folder."""
    for whole, info in _contents(archive):
        if whole == place or _is_folder(info) or not whole.is_relative_to(place):
            continue
        name = whole.relative_to(place)
        ignored = any(part in submission.IGNORED_FOLDERS for part in name.parts[:-1])
        if ignored or name.name.endswith(submission.IGNORED_SUFFIXES):
            continue
        kind = _kind(info.external_attr >> 16)
        if kind != "file":
            raise SubmissionError(f"The zip's `{text.one_line(str(name), 80)}` {SAID[kind]}.")
        if len(name.parts) > submission.MAX_DEPTH:
            raise SubmissionError(
                f"The zip nests files deeper than {submission.MAX_DEPTH} folders."
            )
        yield str(name), info


def _extracted(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    shown = text.one_line(name, 80)
    if info.flag_bits & _ENCRYPTED:
        raise SubmissionError("The zip is locked with a password; hand it in without one.")
    if info.compress_type not in _METHODS:
        raise SubmissionError(f"The zip's `{shown}` is packed in an unusual way; zip it again.")
    if info.file_size > submission.MAX_FILE_BYTES:
        limit = submission.MAX_FILE_BYTES
        raise SubmissionError(f"The zip's `{shown}` is larger than {limit:,} bytes.")
    ratio = info.file_size // max(1, info.compress_size)
    if info.file_size > _RATIO_MATTERS_FROM and ratio > MAX_ZIP_RATIO:
        raise SubmissionError(f"The zip's `{shown}` grows {ratio:,}-fold when it is unpacked.")
    with archive.open(info) as file:
        return file.read(submission.MAX_FILE_BYTES + 1)


def _refuse_twins(names: Iterable[str]) -> None:
    """Raise SubmissionError when two names are one on some systems (``App.py``, ``app.py``)."""
    folded = Counter(map(_folded, names))
    twins = sorted(name for name in names if folded[_folded(name)] > 1)
    if twins:
        both = " and ".join(f"`{text.name(name)}`" for name in twins[:2])
        raise SubmissionError(f"{both} are one name on some systems; rename one of them.")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
