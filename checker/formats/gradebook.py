"""The gradebook as CSV: a row per learner, a column per lesson, and cells that no one executes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from checker.classroom import Cell, Classroom
from checker.formats import text

_FORMULA_STARTS = "=+-@|%\uff1d\uff0b\uff0d\uff20\t\r\n"


def render(classroom: Classroom, sandbox: str) -> str:
    """Return CSV text with one header line.

    A lesson's cell holds points; it is empty where nothing was handed in, or where the fault was
    ours (``problem`` then says so). ``percent`` is of all points there are, to one decimal.
    ``sandbox`` is what the submissions were run behind, the same in each row.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header(classroom))
    writer.writerows([*row, safe(sandbox)] for row in _rows(classroom))
    return out.getvalue()


def header(classroom: Classroom) -> list[str]:
    """Return the names of the columns: stable for one course."""
    lessons = [safe(column.lesson) for column in classroom.columns]
    more = ["points", "max_points", "percent", "lessons_passed", "problem", "sandbox"]
    return ["learner", *lessons, *more]


def _rows(classroom: Classroom) -> Iterator[list[str | int]]:
    most = classroom.max_points
    for row in classroom.rows:
        cells = [_points(row.cells.get(column.lesson)) for column in classroom.columns]
        percent = f"{100 * row.points / most:.1f}" if most else "0.0"
        problem = safe(text.one_line(" ".join(row.problems), 1000))
        yield [safe(text.name(row.learner)), *cells, row.points, most, percent, row.passed, problem]


def _points(cell: Cell | None) -> int | str:
    return "" if cell is None or cell.standing == "ungraded" else cell.points


def safe(cell: str) -> str:
    """Return a cell that a spreadsheet takes as text, whatever it begins with."""
    start = cell.lstrip()[:1]
    return f"'{cell}" if start and start in _FORMULA_STARTS else cell
