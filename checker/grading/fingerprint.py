"""Hashes of all that a result depends on, so that only what changed is graded again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

from checker.lesson import Lesson
from checker.stage.taught import CLIENT, TAUGHT, Packages

_NO_VERDICT = frozenset({"__pycache__", "accepted", "mistakes", "solution", "starter"})
_PROSE = (".md", ".pyc", "quiz.toml")
_NOT_ENGINE = frozenset(
    {
        *("__pycache__", "_lessons", "node_modules", "src"),
        # what shows results, or gives out work, and forms no verdict
        *("commands", "formats", "likeness", "cli.py", "classroom.py", "grade.py"),
        *("alike.py", "outbox.py", "reports.py"),
        *("audit.py", "blockrun.py", "helptexts.py", "progress.py", "workspace.py"),
        *("coursepage.py", "quiz.py", "stages.py"),
    }
)
_ENGINE_SUFFIXES = (".cjs", ".js", ".mjs", ".py", ".toml")


def of_files(files: Mapping[str, bytes]) -> str:
    """Hash a submission's files: names and contents, in any order. 64 hex digits."""
    total = hashlib.sha256()
    for name in sorted(files):
        encoded = name.encode("utf-8", "surrogateescape")
        total.update(b"%d:%s%d:" % (len(encoded), encoded, len(files[name])))
        total.update(files[name])
    return total.hexdigest()


def of_lesson(lesson: Lesson) -> str:
    """Hash the part of a lesson's folder that forms verdicts: the checks and what is beside them.

    Prose, hints, quiz, starter, solution and variants may change without a regrade.
    """
    return of_files(dict(_tree(lesson.folder, _NO_VERDICT)))


def of_engine() -> str:
    """Hash what forms verdicts in the checker, and the versions of all packages that an app meets.

    Pages, exports and commands may change without a regrade.
    """
    names = sorted(Packages((*TAUGHT, *CLIENT)).distributions)
    versions = {name: metadata.version(name) for name in names}
    code = of_files(dict(_code(Path(__file__).parents[1])))
    return of_value({"code": code, "packages": versions})


def of_value(value: object) -> str:
    """Hash a JSON value. 64 hex digits."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _tree(root: Path, left_out: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.iterdir()):
        if path.is_dir() and path.name not in left_out:
            yield from ((f"{path.name}/{name}", data) for name, data in _tree(path, left_out))
        elif path.is_file() and not path.name.endswith(_PROSE):
            yield path.name, path.read_bytes()


def _code(package: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(package.iterdir()):
        if path.name in _NOT_ENGINE:
            continue
        if path.is_dir():
            yield from ((f"{path.name}/{name}", data) for name, data in _code(path))
        elif path.suffix in _ENGINE_SUFFIXES:
            yield path.name, path.read_bytes()
