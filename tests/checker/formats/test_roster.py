"""Whose hand-in it is: by what a platform called the file, or by the platform's own list."""

from pathlib import Path

import pytest

from checker.formats import roster
from checker.formats.roster import Person, RosterError, person
from tests.checker.formats.test_lms import CANVAS, GRADES, WORKSHEET


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("ann", Person("ann")),
        ("Ann Lee", Person("Ann Lee")),
        ("team_1_2", Person("team_1_2")),
        ("smithbob_340934_208490284_BobsWork", Person("smithbob", canvas_id="340934")),
        ("smithbob_LATE_340934_208490284_app-2", Person("smithbob", canvas_id="340934")),
        ("Ann Lee_20417_assignsubmission_file", Person("Ann Lee", participant="20417")),
        ("Ann Lee_20417_assignsubmission_file_", Person("Ann Lee", participant="20417")),
        (  # the student chooses how the name ends
            "Ann Lee_20417_assignsubmission_file_x_20999_assignsubmission_file_app",
            Person("Ann Lee", participant="20417"),
        ),
        ("", Person("")),
    ],
)
def test_what_platforms_call_a_hand_in(name: str, who: Person) -> None:
    assert person(name) == who


@pytest.mark.parametrize(
    ("written", "kind", "people"),
    [(CANVAS, "canvas", 3), (WORKSHEET, "worksheet", 3), (GRADES, "moodle", 2)],
)
def test_the_lists_are_told_apart(written: str, kind: str, people: int) -> None:
    listed = roster.parse(written)
    assert (listed.kind, len(listed.rows)) == (kind, people)


def test_semicolons_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text(GRADES.replace(",", ";"), "utf-8-sig")
    assert roster.read(path).find(["Ann Lee"]) == {"Ann Lee": 0}


@pytest.mark.parametrize(
    "name",
    ["Ann Lee", "ann  lee", "Lee, Ann", "alee", "ALEE", "S-1", "340934", "x_340934_20849028_a"],
)
def test_a_person_is_found_by_anything_that_is_theirs_alone(name: str) -> None:
    assert roster.parse(CANVAS).find([name]) == {name: 0}


def test_the_name_before_an_address_is_enough() -> None:
    assert roster.parse(WORKSHEET).find(["bob"]) == {"bob": 1}


@pytest.mark.parametrize("name", ["", "Lee", "Group 1", "x_999999_20849028_a", "Ann Lees"])
def test_nobody_is_guessed(name: str) -> None:
    assert roster.parse(CANVAS).find([name]) == {}


def test_a_name_that_two_people_have_is_nobodys() -> None:
    twice = CANVAS + '"Lee, Ann",340999,S-9,alee2,Group 3,,,\n'
    assert roster.parse(twice).find(["Ann Lee"]) == {}
    assert roster.parse(twice).find(["alee2"]) == {"alee2": 3}


def test_two_hand_ins_of_one_person_are_nobodys() -> None:
    assert roster.parse(CANVAS).find(["alee", "Ann Lee", "bstone"]) == {"bstone": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "grades.csv has none of the columns by which people are known"),
        (b"a,b\n1,2\n", "grades.csv has none of the columns"),
        (b"Username,a\nann\n", "grades.csv's row 2 has 1 cells, and its header 2."),
        (b'Username\n"ann\n', "grades.csv is no CSV that can be read"),
        (b"Username\nJ\xf6rg\n", "grades.csv is not in UTF-8; export it again as UTF-8."),
        (b"Username\n" * 20_002, "grades.csv has more than 20,000 rows."),
        (b"x" * 8_000_001, "grades.csv is larger than 8,000,000 bytes."),
    ],
)
def test_a_list_that_cannot_be_used_says_why(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "grades.csv"
    path.write_bytes(data)
    with pytest.raises(RosterError) as error:
        roster.read(path)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_a_list_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=r"grades\.csv cannot be read: No such file"):
        roster.read(tmp_path / "grades.csv")
