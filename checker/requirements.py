"""What a requirements file asks for, line by line, in the way in which pip reads it."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

__all__ = ["RequirementLine", "requirement_lines"]

MOST_BYTES, MOST_LINES, MOST_FILES_DEEP = 200_000, 1_000, 20
"""What is read of all files together, and how deep one file may include another."""
MOST_LETTERS, MOST_CONDITIONS = 500, 100
"""What is read of a line, and about a package."""

_INCLUDES = re.compile(
    r"(?P<option>-r|--requirement(?=[\s=])|-c|--constraint(?=[\s=]))[\s=]*"
    r"(?P<path>\"[^\"]+\"|'[^']+'|\S+)"
)
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]+(\S+)")
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One line that asks for something: for a package, or for another file to be read.

    ``asks`` is the text that stands for a package; ``wanted`` is what it says, or None where it is
    an address, or nothing that pip can read. A line of a file that ``-c`` names is a ``limit``: it
    brings no package. ``opens`` is the file to be read (empty if only pip can look for it), and
    ``loops`` tells that pip is reading that file already.
    """

    text: str
    number: int
    file: str
    asks: str = ""
    limit: bool = False
    opens: str = ""
    loops: bool = False
    wanted: Requirement | None = None

    @property
    def spec(self) -> SpecifierSet:
        """The versions that this line allows."""
        return self.wanted.specifier if self.wanted else SpecifierSet()

    @property
    def name(self) -> str:
        """The package's name in its normal form, or an empty text."""
        return canonicalize_name(self.wanted.name) if self.wanted else ""

    @property
    def applies(self) -> bool:
        """False when a condition after ``;`` leaves this line out."""
        marker = self.wanted.marker if self.wanted else None
        try:
            return marker is None or marker.evaluate()
        except (ValueError, RecursionError):  # a comparison that means nothing
            return False


def requirement_lines(
    files: Mapping[str, bytes], name: str = "requirements.txt"
) -> Iterator[RequirementLine]:
    """Yield the lines of a file that ask for something, and those of the files it includes."""
    budget = _Budget()
    for line in _lines(files, name, False, (), budget):
        budget.conditions[line.name] += len(line.spec)
        if budget.conditions[line.name] <= MOST_CONDITIONS:
            yield line


@dataclass(slots=True)
class _Budget:
    """What may still be read of all files, which were read, and what was said of packages."""

    bytes: int = MOST_BYTES
    lines: int = MOST_LINES
    read: set[tuple[str, bool]] = field(default_factory=set)
    conditions: Counter[str] = field(default_factory=Counter)


def _lines(
    files: Mapping[str, bytes],
    name: str,
    limit: bool,
    around: tuple[str, ...],
    budget: _Budget,
) -> Iterator[RequirementLine]:
    """The lines of one file; ``around`` are the files that led to it."""
    budget.read.add((name, limit))
    data = files.get(name, b"")[: budget.bytes]
    budget.bytes -= len(data)
    text = re.sub(r"\\\r?\n", " ", _decoded(data))
    for number, raw in enumerate(text.splitlines(), start=1):
        if budget.lines <= 0:
            return
        budget.lines -= 1
        line = re.sub(r"(^|\s)#.*$", "", raw[:MOST_LETTERS]).strip()
        if included := _INCLUDES.match(line):
            path = _path(included["path"].strip("\"'"), name)
            limits = included["option"] in {"-c", "--constraint"}
            yield RequirementLine(
                line, number, name, limit=limits, opens=path, loops=path in {*around, name}
            )
            unread = path in files and (path, limits) not in budget.read
            if unread and len(around) < MOST_FILES_DEEP:
                yield from _lines(files, path, limits, (*around, name), budget)
        elif editable := _EDITABLE.match(line):
            asks = editable[1]
            yield RequirementLine(line, number, name, asks, limit, wanted=_requirement(asks))
        elif line and not line.startswith("-"):
            yield RequirementLine(line, number, name, line, limit, wanted=_requirement(line))


def _decoded(data: bytes) -> str:
    """The text of a file (PowerShell writes UTF-16 with a mark in front)."""
    marks = _BYTE_ORDER_MARKS.items()
    encoding = next((encoding for mark, encoding in marks if data.startswith(mark)), "utf-8")
    return data.decode(encoding, errors="replace")


def _requirement(text: str) -> Requirement | None:
    try:
        return Requirement(re.split(r"\s--", text)[0].strip())
    except (InvalidRequirement, RecursionError):
        return None


def _path(written: str, name: str) -> str:
    """The file that a line of ``name`` includes; empty for one that only pip can look for."""
    if "://" in written or "${" in written:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), written.replace("\\", "/")))
