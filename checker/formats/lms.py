"""Gradebooks that Canvas and Moodle import, as CSV.

The rules are those of the programs that read the files: Canvas' lib/gradebook_importer.rb, and
Moodle's mod/assign/feedback/offline/importgradeslib.php (the grading worksheet of one assignment)
and grade/import/csv/classes/load_data.php (any table; its page asks what each column means).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checker.classroom import Cell, Classroom, Row
from checker.formats import text
from checker.formats.gradebook import safe
from checker.formats.roster import Roster, person

FORMATS = ("canvas", "moodle")
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_CANVAS_PERSON = (*_CANVAS, "Integration ID", "Root Account")
_POINTS = "Points Possible"
NO_GRADE = "-"
"""Moodle's word for a cell without a grade; an empty one is an error for a new grade item."""
_GUARDED = frozenset(
    {*_CANVAS_PERSON, "Full name", "First name", "Last name", "Online text"} - {"ID"}
)
"""Columns of a roster that its system does not look people up by, and that people wrote."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file to import; ``unmatched`` learners are not in it, as the roster has no such person."""

    name: str
    content: str
    unmatched: tuple[str, ...] = ()


def plain(name: str, classroom: Classroom) -> Export:
    """Return the class for the system of that name, one of `FORMATS`, without a roster."""
    return {"canvas": canvas, "moodle": moodle}[name](_handed_in(classroom))


def canvas(classroom: Classroom) -> Export:
    """Return the class for Canvas, without a roster.

    Canvas finds a person by the ID that it put into the name of a downloaded hand-in, else by the
    login, else by the name, which are both taken to be the learner's name here. A column becomes
    an assignment of that title, a new one where there is none.
    """
    titles = [_title(column.title) for column in classroom.columns]
    table = [[*_CANVAS, *titles]]
    table.append([f"    {_POINTS}", "", "", "", "", *_possible(classroom)])
    for row in classroom.rows:
        who = person(row.learner)
        name = _student(who.name)
        login = "" if who.canvas_id else name
        grades = [_points(row.cells.get(column.lesson)) for column in classroom.columns]
        table.append([name, who.canvas_id, "", login, "", *grades])
    return Export("gradebook-canvas.csv", _csv(table))


def moodle(classroom: Classroom) -> Export:
    """Return the class for Moodle's "Import from CSV file", without a roster.

    Map ``Username`` to the user name, and each lesson to a grade item. One user name that Moodle
    does not know stops its whole import: with a roster, nobody unknown is in the file.
    """
    titles = [_title(column.title) for column in classroom.columns]
    table = [["Username", *titles]]
    for row in classroom.rows:
        grades = [_points(row.cells.get(column.lesson)) for column in classroom.columns]
        table.append([safe(text.name(person(row.learner).name)), *_dashed(grades)])
    return Export("gradebook-moodle.csv", _csv(table))


def filled(classroom: Classroom, roster: Roster) -> Export:
    """Return the platform's own list with the grades in it; people stay as they are written.

    A worksheet has one grade, which is for all lessons that anyone handed in.
    """
    classroom = _handed_in(classroom)
    places = roster.find(row.learner for row in classroom.rows)
    rows = {places[row.learner]: row for row in classroom.rows if row.learner in places}
    unmatched = tuple(row.learner for row in classroom.rows if row.learner not in places)
    fill = {"canvas": _fill_canvas, "worksheet": _fill_worksheet, "moodle": _fill_moodle}
    table = fill[roster.kind](classroom, roster, rows)
    system = "canvas" if roster.kind == "canvas" else "moodle"
    return Export(f"gradebook-{system}.csv", _csv(table), unmatched)


def _fill_canvas(classroom: Classroom, roster: Roster, rows: dict[int, Row]) -> list[list[str]]:
    """Keep who people are; an assignment's column that is there already is used by its name."""
    kept = [place for place, name in enumerate(roster.header) if name in _CANVAS_PERSON]
    there = [_assignment(roster, column.title) for column in classroom.columns]
    titles = [
        _title(column.title) if place is None else roster.header[place]
        for column, place in zip(classroom.columns, there, strict=True)
    ]
    table = [[*(roster.header[place] for place in kept), *titles]]
    possible = [f"    {_POINTS}", *[""] * (len(kept) - 1), *_possible(classroom)]
    table.append(possible)
    for number, cells in enumerate(roster.rows):
        row = rows.get(number)
        before = ["" if place is None else cells[place] for place in there]
        now = [_points(row.cells.get(column.lesson)) if row else "" for column in classroom.columns]
        grades = [new or old for new, old in zip(now, before, strict=True)]
        table.append([*_kept(roster, cells, kept), *grades])
    return table


def _kept(roster: Roster, cells: Sequence[str], places: Iterable[int]) -> list[str]:
    """Return cells of a roster; a name in it is a stranger's text as well."""
    return [
        safe(text.name(cells[place])) if roster.header[place] in _GUARDED else cells[place]
        for place in places
    ]


def _assignment(roster: Roster, title: str) -> int | None:
    """Return the column of an assignment; Canvas writes ``Title (id)``."""
    pattern = re.compile(rf"{re.escape(_title(title))}( \(\d+\))?")
    return next((n for n, name in enumerate(roster.header) if pattern.fullmatch(name)), None)


def _fill_worksheet(classroom: Classroom, roster: Roster, rows: dict[int, Row]) -> list[list[str]]:
    """Fill the one grade: all points, in proportion to the worksheet's maximum if it names one.

    Who has a lesson that we could not grade keeps the grade that is there.
    """
    grade, maximum = roster.column("Grade"), roster.column("Maximum Grade")
    table = [list(roster.header)]
    for number, cells in enumerate(roster.rows):
        row, filled_in = rows.get(number), _kept(roster, cells, range(len(cells)))
        if grade is not None and row is not None and _is_whole(row):
            most = _number(cells[maximum]) if maximum is not None else None
            filled_in[grade] = _scaled(row.points, classroom.max_points, most)
        table.append(filled_in)
    return table


def _fill_moodle(classroom: Classroom, roster: Roster, rows: dict[int, Row]) -> list[list[str]]:
    """Keep who people are, and only those who handed in."""
    names = {"First name", "Last name", "Full name", "Username", "ID number", "Email address"}
    kept = [place for place, name in enumerate(roster.header) if name in names]
    titles = [_title(column.title) for column in classroom.columns]
    table = [[*(roster.header[place] for place in kept), *titles]]
    for number, row in sorted(rows.items()):
        grades = [_points(row.cells.get(column.lesson)) for column in classroom.columns]
        table.append([*_kept(roster, roster.rows[number], kept), *_dashed(grades)])
    return table


def _handed_in(classroom: Classroom) -> Classroom:
    """Return the class with the lessons of which there is anything; others make no assignments."""
    there = {lesson for row in classroom.rows for lesson in row.cells}
    columns = tuple(column for column in classroom.columns if column.lesson in there)
    return replace(classroom, columns=columns)


def _is_whole(row: Row) -> bool:
    standings = [cell.standing for cell in row.cells.values()]
    return bool(standings) and "ungraded" not in standings


def _scaled(points: int, of: int, most: float | None) -> str:
    value = points if most is None or not of else points * most / of
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _number(cell: str) -> float | None:
    try:
        number = float(cell.strip().replace(",", "."))
    except ValueError:
        return None
    return number if 0 < number < 1_000_000 else None


def _points(cell: Cell | None) -> str:
    """Return points; nothing for what was not handed in, or where the fault was ours."""
    return "" if cell is None or cell.standing == "ungraded" else str(cell.points)


def _dashed(grades: Sequence[str]) -> list[str]:
    return [grade or NO_GRADE for grade in grades]


def _possible(classroom: Classroom) -> list[str]:
    return [str(column.max_points) for column in classroom.columns]


def _student(name: str) -> str:
    """Return a name that Canvas does not take for its row of points."""
    return safe(text.name(name)).replace(_POINTS, _POINTS.replace(" ", "_"))


def _title(title: str) -> str:
    return safe(text.one_line(title, 200))


def _csv(table: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(table)
    return out.getvalue()
