"""Who a hand-in belongs to in a learning platform: from its name, and from a list of the class.

The list is a CSV that the platform itself exported. What it says about people is given back
unchanged, because the platform will look them up by it.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

from checker.formats import text

MAX_BYTES = 8_000_000
MAX_PEOPLE = 20_000
Kind: TypeAlias = Literal["canvas", "worksheet", "moodle"]

_CANVAS_FILE = re.compile(r"(?P<name>.+?)_(?:LATE_)?(?P<id>\d+)_\d{4,}_.+", re.DOTALL)
_MOODLE_FILE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_.*", re.DOTALL)
_PARTICIPANT = re.compile(r"\D*(\d+)")
_IDENTITIES = {
    "canvas": ("Student", "ID", "SIS User ID", "SIS Login ID"),
    "worksheet": ("Identifier", "Full name", "ID number", "Email address"),
    "moodle": ("Username", "ID number", "Email address", "Full name"),
}


class RosterError(Exception):
    """A list of the class that cannot be used. The text is one sentence."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a hand-in's name says: a name, and an ``id`` if a platform put one there."""

    name: str
    canvas_id: str = ""
    participant: str = ""


def person(learner: str) -> Person:
    """Read the name of a hand-in, which may be one that Canvas or Moodle gave it.

    Canvas downloads are called ``leeann_340934_208490284_work.zip`` (user, then submission, and
    ``LATE`` before them when late); Moodle's ``Ann Lee_20417_assignsubmission_file`` (participant;
    mod/assign/locallib.php). Anything else is a name and nothing more.
    """
    if match := _MOODLE_FILE.fullmatch(learner):
        return Person(match["name"], participant=match["id"])
    if match := _CANVAS_FILE.fullmatch(learner):
        return Person(match["name"], canvas_id=match["id"])
    return Person(learner)


@dataclass(frozen=True)
class Roster:
    """A list of the class: the header, and a row of as many cells for each person."""

    kind: Kind
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    before: tuple[tuple[str, ...], ...] = ()
    """Rows between the header and the people, which Canvas has."""

    def column(self, name: str) -> int | None:
        """Return the place of a column, None where there is none."""
        return self.header.index(name) if name in self.header else None

    def find(self, learners: Iterable[str]) -> dict[str, int]:
        """Return the row of each learner who is surely one of these people.

        A key that two people share, or two learners who are one person, decide nothing.
        """
        found = {learner: self._row(learner) for learner in learners}
        times = Counter(found.values())
        return {name: row for name, row in found.items() if row is not None and times[row] == 1}

    def _row(self, learner: str) -> int | None:
        who = person(learner)
        if self.kind == "canvas" and who.canvas_id:
            return self._keys.get(f"id {who.canvas_id}")
        if self.kind == "worksheet" and who.participant:
            return self._keys.get(f"id {who.participant}")
        return self._keys.get(_key(learner), self._keys.get(_key(who.name)))

    @cached_property
    def _keys(self) -> Mapping[str, int]:
        keys = [(key, row) for row, cells in enumerate(self.rows) for key in self._of(cells)]
        times = Counter(key for key, _ in keys)
        return {key: row for key, row in keys if times[key] == 1}

    def _of(self, cells: tuple[str, ...]) -> set[str]:
        """Return all by which one row can be found."""
        person = dict(zip(self.header, cells, strict=True))
        names = [person.get(name, "") for name in _IDENTITIES[self.kind]]
        if "First name" in person and "Last name" in person:
            names.append(f"{person['First name']} {person['Last name']}")
        if ", " in person.get("Student", ""):
            names.append(" ".join(reversed(person["Student"].split(", ", 1))))
        names += [name.partition("@")[0] for name in names if "@" in name]
        keys = {_key(name) for name in names if name.strip()}
        if self.kind == "canvas":
            keys.add(f"id {person['ID'].strip()}")
        if self.kind == "worksheet" and (match := _PARTICIPANT.match(person["Identifier"])):
            keys.add(f"id {match[1]}")
        return keys


def _key(name: str) -> str:
    return f"name {' '.join(name.casefold().split())}"


def read(path: Path) -> Roster:
    """Read a list of the class; raises RosterError on a file that is none."""
    said = text.name(path.name)
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise RosterError(f"{said} is larger than {MAX_BYTES:,} bytes.")
        return parse(data.decode("utf-8-sig"))
    except OSError as error:
        raise RosterError(f"{said} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RosterError(f"{said} is not in UTF-8; export it again as UTF-8.") from None
    except RosterError as error:
        raise RosterError(str(error).replace("The roster", said, 1)) from None


def parse(written: str) -> Roster:
    """Read the text of a list; raises RosterError."""
    try:
        rows = [tuple(row) for row in _split(written) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise RosterError(f"The roster is no CSV that can be read: {error}.") from None
    if len(rows) > MAX_PEOPLE:
        raise RosterError(f"The roster has more than {MAX_PEOPLE:,} rows.")
    header = tuple(cell.strip() for cell in rows[0]) if rows else ()
    kind = _kind(header)
    bad = next((number for number, row in enumerate(rows, 1) if len(row) != len(header)), None)
    if bad is not None:
        raise RosterError(
            f"The roster's row {bad} has {len(rows[bad - 1])} cells, and its header {len(header)}."
        )
    people = rows[1:]
    first = 0
    if kind == "canvas":
        first = next((n for n, row in enumerate(people) if row[1].strip()), len(people))
    return Roster(kind, header, tuple(people[first:]), tuple(people[:first]))


def _split(written: str) -> Iterator[list[str]]:
    """Split into rows; some countries' exports have semicolons."""
    first = written.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True)


def _kind(header: tuple[str, ...]) -> Kind:
    if header[:1] == ("Student",) and "ID" in header and "Section" in header:
        return "canvas"
    if {"Identifier", "Grade"} <= set(header):
        return "worksheet"
    if {"Username", "ID number", "Email address"} & set(header):
        return "moodle"
    raise RosterError(
        "The roster has none of the columns by which people are known: export Canvas' gradebook, "
        "Moodle's grading worksheet, or Moodle's grades, in English."
    )
