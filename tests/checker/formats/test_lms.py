"""Gradebooks for Canvas and Moodle, read as those programs read them.

The readers here follow, step by step, Canvas' lib/gradebook_importer.rb, and Moodle's
importgradeslib.php, locallib.php (mod/assign/feedback/offline) and load_data.php
(grade/import/csv).
"""

import csv
import io
import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given

from checker.classroom import Classroom, Column, Tally
from checker.formats import lms, roster
from checker.report import SubmissionResult
from tests.checker.formats.test_text import anything
from tests.checker.samples import HOSTILE, check, result

COLUMNS = (Column("03-initialise", "3. Join", 4), Column("04-event-handlers", "4. Listen", 6))
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (77),4. Listen (991),Current Score
    Points Possible,,,,,10,6,(read only)
"Lee, Ann",340934,S-1,alee,Group 1,8,1,80.0
"Stone, Bob",340935,S-2,bstone,Group 1,9,5,90.0
"Cruz, Cem",340936,S-3,ccruz,Group 2,,,
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 20417,Ann Lee,ann@school.example,Submitted,,100.00,Yes,"Monday, 2 June 2025",-,
Participant 20418,Bob Stone,bob@school.example,Submitted,55.00,100.00,Yes,-,-,=good
Participant 20419,Cem Cruz,cem@school.example,No submission,,100.00,Yes,-,-,
"""
GRADES = """\
First name,Last name,ID number,Email address,Course total (Real)
Ann,Lee,7001,ann@school.example,3.00
Bob,Stone,7002,bob@school.example,4.00
"""


def classroom(*results: SubmissionResult) -> Classroom:
    tally = Tally(COLUMNS)
    for one in results:
        tally.add(one)
    return tally.classroom()


def done(learner: str, first: int = 4, second: int | None = 2) -> list[SubmissionResult]:
    """One learner who got these points; None is a lesson that was not handed in."""
    whole = result(check(points=first, max_points=4), lesson="03-initialise", learner=learner)
    if second is None:
        return [whole]
    return [whole, result(check("failed", points=second, max_points=6), learner=learner)]


# ------------------------------------------------------------------ as Canvas reads


@dataclass
class CanvasBook:
    """What an import would change: (title, assignment id), points possible, grades."""

    students: list[tuple[str, str, str]] = field(default_factory=list)
    assignments: list[tuple[str, str]] = field(default_factory=list)
    possible: list[str] = field(default_factory=list)
    grades: dict[str, list[str]] = field(default_factory=dict)


def canvas_import(written: str) -> CanvasBook:
    assert not canvas_semicolons(written.split("\n")[:3])
    book, students = CanvasBook(), 0
    for number, cells in enumerate(csv.reader(io.StringIO(written, newline=""), strict=True)):
        row = [canvas_number(cell) for cell in cells]
        if number == 0:
            students = canvas_header(row)
            for name in row[students:]:
                match = re.fullmatch(r"(.*) \((\d+)\)", name)
                book.assignments.append((match[1], match[2]) if match else (name, ""))
            continue
        if "Points Possible" in row[0]:
            book.possible = row[students:]
        elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell) for cell in row):
            book.students.append((row[0], row[1], row[3]))
            book.grades[row[1] or row[3] or row[0]] = [cell.strip() for cell in row[students:]]
    return book


def canvas_header(row: list[str]) -> int:
    """Return how many columns are about the student, as `update_column_count` counts them."""
    assert len(row) > 3
    assert "Student" in row[0]
    assert "ID" in row[1]
    students = 3
    if re.search(r"SIS\s+Login\s+ID", row[2]):
        students += 1
    elif re.search(r"SIS\s+User\s+ID", row[2]) and re.search(r"SIS\s+Login\s+ID", row[3]):
        students += 2 + bool(re.search(r"Integration\s+ID", row[4]))
    assert "Section" in row[students - 1], "Invalid header row"
    ignored = "Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|Over"
    assert not [name for name in row[students:] if re.search(ignored, name)]
    return students


def canvas_number(cell: str) -> str:
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *parts, last = re.split(r"[,.]", cell)
    return f"{''.join(parts)}.{last}" if parts else last


def canvas_semicolons(lines: list[str]) -> bool:
    def fields(delimiter: str) -> int:
        counts = {len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines if line}
        return counts.pop() if len(counts) == 1 else 0

    return fields(";") > fields(",")


def test_canvas_takes_it_without_a_roster() -> None:
    room = classroom(*done("alee"), *done("bstone", 3, None))
    book = canvas_import(lms.canvas(room).content)
    assert book.assignments == [("3. Join", ""), ("4. Listen", "")]
    assert book.possible == ["4", "6"]
    assert book.students == [("alee", "", "alee"), ("bstone", "", "bstone")]
    assert book.grades == {"alee": ["4", "2"], "bstone": ["3", ""]}


def test_canvas_knows_the_people_whose_hand_ins_it_named() -> None:
    names = ("leeann_340934_208490284_work", "stonebob_LATE_340935_208490285_app-1")
    room = classroom(*(one for name in names for one in done(name)))
    book = canvas_import(lms.canvas(room).content)
    assert book.students == [("leeann", "340934", ""), ("stonebob", "340935", "")]


def test_canvas_gets_its_own_people_back() -> None:
    room = classroom(*done("Ann Lee"), *done("stonebob_340935_208490285_app"), *done("eve"))
    export = lms.filled(room, roster.parse(CANVAS))
    assert export.name == "gradebook-canvas.csv"
    assert export.unmatched == ("eve",)
    book = canvas_import(export.content)
    assert [student[:2] for student in book.students] == [
        *(("Lee, Ann", "340934"), ("Stone, Bob", "340935"), ("Cruz, Cem", "340936"))
    ]
    assert book.assignments == [("3. Join", ""), ("4. Listen", "991")]
    assert book.grades == {"340934": ["4", "2"], "340935": ["4", "2"], "340936": ["", ""]}


def test_canvas_keeps_a_grade_that_we_have_nothing_to_say_about() -> None:
    room = classroom(*done("alee", 4, None), *done("bstone"))
    export = lms.filled(room, roster.parse(CANVAS))
    assert canvas_import(export.content).grades["340934"] == ["4", "1"]


def test_a_lesson_that_nobody_handed_in_makes_no_assignment() -> None:
    room = classroom(*done("alee", 4, None))
    for written in (lms.plain("canvas", room), lms.filled(room, roster.parse(CANVAS))):
        assert canvas_import(written.content).assignments == [("3. Join", "")]
    assert lms.plain("moodle", room).content == "Username,3. Join\r\nalee,4\r\n"
    export = lms.filled(classroom(*done("Ann Lee", 3, None)), roster.parse(WORKSHEET))
    assert worksheet_import(export.content)[20417] == 75


@pytest.mark.parametrize(
    "name", ["Points Possible", "    Points Possible", "Points Possible 2", "Muted;;;;;;;;;;;;"]
)
def test_no_name_is_taken_for_a_row_of_another_kind(name: str) -> None:
    book = canvas_import(lms.canvas(classroom(*done(name), *done("bob"))).content)
    assert len(book.students) == 2
    assert book.possible == ["4", "6"]


# ------------------------------------------------------------------ as Moodle reads


def moodle_rows(written: str) -> tuple[list[str], list[list[str]]]:
    """Read as csv_import_reader does: every row has as many cells as the header."""
    header, *rows = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    assert all(len(row) == len(header) for row in rows)
    assert len(set(header)) == len(header)
    return [name.strip() for name in header], rows


def moodle_import(written: str, column: str, users: set[str]) -> dict[str, dict[str, float]]:
    """Import as load_data.php does, ``column`` being mapped to the user, all others to new items.

    An unknown user, a grade that is no number or one above 100 stops the whole import.
    """
    header, rows = moodle_rows(written)
    grades: dict[str, dict[str, float]] = {}
    people = {"First name", "Last name", "Full name", "ID number", "Email address", "Username"}
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        assert cells[column] in users, "usermappingerror"
        marks = {name: cell for name, cell in cells.items() if name not in people and cell != "-"}
        values = {name: float(cell) for name, cell in marks.items()}
        assert all(value <= 100 for value in values.values()), "gradevaluetoobig"
        grades[cells[column]] = values
    return grades


def worksheet_import(written: str) -> dict[int, float]:
    """Read as importgradeslib.php does; what locallib.php skips is not there."""
    header, rows = moodle_rows(written)
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(header)
    grades: dict[int, float] = {}
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        participant = int(cells["Identifier"][len("Participant ") :])
        if cells["Grade"] and 0 <= float(cells["Grade"]) <= float(cells["Maximum Grade"]):
            grades[participant] = float(cells["Grade"])
    return grades


def test_moodle_takes_it_without_a_roster() -> None:
    export = lms.moodle(classroom(*done("ann"), *done("bob", 3, None)))
    assert export.name == "gradebook-moodle.csv"
    assert moodle_import(export.content, "Username", {"ann", "bob"}) == {
        "ann": {"3. Join": 4, "4. Listen": 2},
        "bob": {"3. Join": 3},
    }


def test_a_worksheet_comes_back_with_its_one_grade_in_proportion() -> None:
    names = ("Ann Lee_20417_assignsubmission_file", "bob@school.example", "nobody")
    room = classroom(*(one for name in names for one in done(name)))
    export = lms.filled(room, roster.parse(WORKSHEET))
    assert export.name == "gradebook-moodle.csv"
    assert export.unmatched == ("nobody",)
    assert worksheet_import(export.content) == {20417: 60, 20418: 60}


def test_a_worksheets_other_cells_stay_as_they_are() -> None:
    before = moodle_rows(WORKSHEET)
    after = moodle_rows(lms.filled(classroom(*done("Ann Lee")), roster.parse(WORKSHEET)).content)
    assert after[0] == before[0]
    grade = before[0].index("Grade")
    for old, new in zip(before[1], after[1], strict=True):
        assert old[:grade] + old[grade + 1 :] == new[:grade] + new[grade + 1 :]
    assert [row[grade] for row in after[1]] == ["60", "55.00", ""]


def test_our_own_fault_leaves_the_grade_that_is_there() -> None:
    room = classroom(
        *done("Bob Stone", 4, None), result(check(), check("broken"), learner="Bob Stone")
    )
    export = lms.filled(room, roster.parse(WORKSHEET))
    assert worksheet_import(export.content) == {20418: 55}


def test_moodles_list_of_grades_names_only_who_handed_in() -> None:
    room = classroom(*done("ann lee"), *done("7002"), *done("eve"))
    export = lms.filled(room, roster.parse(GRADES))
    users = {"ann@school.example", "bob@school.example"}
    assert set(moodle_import(export.content, "Email address", users)) == users
    assert export.unmatched == ("eve",)


def test_the_real_lessons_stay_below_moodles_limit() -> None:
    from checker.grading.reports import column_of
    from checker.lesson import load_course

    assert all(column_of(lesson).max_points <= 100 for lesson in load_course().lessons)


# ------------------------------------------------------------------ strangers' text


def exports(name: str) -> list[str]:
    room = classroom(*done(name), *done("bob"))
    listed = roster.parse(CANVAS.replace('"Lee, Ann"', quoted(name)))
    return [lms.canvas(room).content, lms.moodle(room).content, lms.filled(room, listed).content]


def quoted(name: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([name, ""])
    return out.getvalue().removesuffix(",\r\n")


@pytest.mark.parametrize("bad", [*HOSTILE, "=1+1", "+1", "-1", "@SUM(A1)", "é" * 127, "x" * 255])
def test_no_cell_is_a_formula_or_moves_a_cursor(bad: str) -> None:
    for written in exports(bad):
        rows = list(csv.reader(io.StringIO(written, newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1
        for cell in (cell for row in rows for cell in row):
            assert cell == "-" or cell.lstrip()[:1] not in set("=+-@|%\t\r")
            assert not {"\x1b", "\x07", "\u202e", "\0", "\n", "\r"} & set(cell)
        canvas_import(exports(bad)[0])


@given(anything.filter(bool))
def test_any_name_at_all(name: str) -> None:
    room = classroom(*done(name))
    book = canvas_import(lms.canvas(room).content)
    assert len(book.students) == 1
    moodle_rows(lms.moodle(room).content)
