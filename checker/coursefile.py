"""The files of a course, read or run; what is wrong with one is a sentence that names it."""

from __future__ import annotations

import difflib
import importlib
import os
import re
import sys
import tomllib
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from checker.quote import QuoteError, expand

_HINT = re.compile(r"^## (\d+)\s*$", re.M)


class CourseError(Exception):
    """A file of the course breaks its contract."""


def course_root() -> Path:
    """Where the course lies: ``COURSE_LESSONS``, the checkout's ``lessons``, or the wheel's."""
    named = os.environ.get("COURSE_LESSONS")
    here = Path(__file__).resolve().parent
    for root in [Path(named)] if named else [here.parent / "lessons", here / "_lessons"]:
        if (root / "course.toml").is_file():
            return root
    where = named or "beside the checker"
    raise CourseError(f"No course was found {where}: a folder with a course.toml is needed.")


def read_prose(path: Path, root: Path) -> str:
    """Return a Markdown text; what it quotes is filled in from files below ``root``."""
    try:
        return expand(read_text(path), root)
    except QuoteError as error:
        raise CourseError(f"{path.parent.name}/{path.name}: {error}") from None


def read_hints(path: Path) -> dict[int, tuple[str, ...]]:
    """Return the rungs of hints by the number of their task."""
    parts = _HINT.split(read_text(path))
    return {
        int(number): tuple(rung.strip() for rung in re.split(r"^---\s*$", text, flags=re.M))
        for number, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def read_toml(path: Path, required: set[str], optional: set[str] | None = None) -> dict[str, Any]:
    """Return a TOML file with all of the ``required`` keys, and no others but the ``optional``."""
    where = f"{path.parent.name}/{path.name}"
    try:
        fields = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{where} is not TOML: {error}.") from None
    require_keys(where, fields, required, optional or set())
    return fields


def require_keys(
    where: str, fields: Mapping[str, Any], required: set[str], optional: set[str]
) -> None:
    """Raise a CourseError for a key that is not known, or missing; ``where`` names the file."""
    for key in fields:
        if key not in required | optional:
            near = difflib.get_close_matches(key, required | optional, 1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise CourseError(f"{where}: the key `{key}` is not known.{hint}")
    for key in sorted(required - fields.keys()):
        raise CourseError(f"{where}: the key `{key}` is missing.")


def read_text(path: Path) -> str:
    """Return a file's text."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise CourseError(f"{path.parent.name}/{path.name} is missing.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path.parent.name}/{path.name} is not UTF-8.") from None


def folders_in(root: Path) -> list[Path]:
    """List the folders in a folder, if there is one, by name and without hidden ones."""
    if not root.is_dir():
        return []
    return sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith(("_", ".")))


def files_in(root: Path) -> dict[str, bytes]:
    """Return a folder's files by relative name, without what tools leave behind."""
    if not root.is_dir():
        raise CourseError(f"{root.parent.name} has no folder {root.name}.")
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def run_checks(folder: Path, sources: Iterable[Path]) -> dict[str, Any]:
    """Run a lesson's ``checks.py``: code of ours, found by path, never a learner's.

    Return what it defines, by name. The folder is a package, so that the checks can import what
    stands beside them. It is named after its place and its contents: what was edited is another
    package.
    """
    total = zlib.crc32(str(folder.resolve()).encode())
    for path in sources:
        total = zlib.crc32(path.read_bytes(), total)
    package = ModuleType(f"course_lesson_{total:08x}")
    package.__path__ = [str(folder)]
    sys.modules.setdefault(package.__name__, package)
    importlib.invalidate_caches()
    return vars(importlib.import_module(f"{package.__name__}.checks"))
