"""Who handed in what: folders, zips and single files, by the names that people really use."""

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from checker.grading.intake import Handin, Intake, read_class
from checker.submission import SubmissionError


@dataclass(frozen=True)
class Named:
    slug: str
    number: int


LESSONS = (Named("03-initialise", 3), Named("04-event-handlers", 4))
FOUR = LESSONS[1]


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return tmp_path


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")


def zipped(path: Path, *names: str) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for name in names:
            file.writestr(name, f"# {name}\n")


def taken(room: Path, only: Named | None = None) -> list[tuple[str, str, list[str] | str]]:
    """Return learner, lesson, and the files or the problem, of every hand-in."""
    return [
        (h.learner, h.lesson, files_of(h)) for h in read_class(room, LESSONS, only=only).handins
    ]


def files_of(handin: Handin) -> list[str] | str:
    try:
        return sorted(handin.read().files)
    except SubmissionError as error:
        return str(error)


def test_lesson_folders_by_all_their_names(room: Path) -> None:
    put(
        room,
        "ann/4/app.py",
        "bob/04/app.py",
        "cem/04-event-handlers/app.py",
        "dee/04-EVENT-handlers/app.py",
    )
    assert taken(room) == [
        (learner, "04-event-handlers", ["app.py"]) for learner in ("ann", "bob", "cem", "dee")
    ]


def test_lessons_come_in_their_order(room: Path) -> None:
    put(room, "ann/4/app.py", "ann/3/app.py")
    assert [h.lesson for h in read_class(room, LESSONS).handins] == ["03-initialise", FOUR.slug]


def test_a_zip_with_and_without_a_wrapping_folder(room: Path) -> None:
    zipped(room / "ann.zip", "4/app.py")
    zipped(room / "bob.ZIP", "my work/04-event-handlers/app.py", "__MACOSX/x", ".DS_Store")
    zipped(room / "cem.zip", "a/b/3/app.py", "a/b/3/templates/index.html")
    assert taken(room) == [
        ("ann", FOUR.slug, ["app.py"]),
        ("bob", FOUR.slug, ["app.py"]),
        ("cem", "03-initialise", ["app.py", "templates/index.html"]),
    ]


def test_a_folder_that_holds_one_zip_as_some_platforms_export_it(room: Path) -> None:
    (room / "Ann_123_file_").mkdir()
    zipped(room / "Ann_123_file_" / "work.zip", "4/app.py")
    assert taken(room) == [("Ann_123_file_", FOUR.slug, ["app.py"])]


def test_one_lesson_the_app_itself(room: Path) -> None:
    put(room, "ann/app.py", "ann/templates/index.html", "bob/project/app.py")
    put(room, "cem.py")
    zipped(room / "dee.zip", "dee/app.py")
    assert taken(room, FOUR) == [
        ("ann", FOUR.slug, ["app.py", "templates/index.html"]),
        ("bob", FOUR.slug, ["app.py"]),
        ("cem", FOUR.slug, ["app.py"]),
        ("dee", FOUR.slug, ["app.py"]),
    ]


def test_one_lesson_from_hand_ins_of_all(room: Path) -> None:
    put(room, "ann/3/app.py", "ann/4/app.py", "bob/3/app.py")
    assert taken(room, FOUR) == [
        ("ann", FOUR.slug, ["app.py"]),
        ("bob", FOUR.slug, "Holds 03-initialise, but not 04-event-handlers."),
    ]


def test_every_learner_keeps_a_row(room: Path) -> None:
    put(
        room,
        "ann/app.py",
        "bob/notes/readme.txt",
        "cem.py",
        "dee.rar",
        "fay/04-event-handler/app.py",
    )
    put(room, "gus/4", "hal/4/app.py", "hal/04/app.py", "ian/.git/config")
    (room / "eve").mkdir()
    problems = {(learner, lesson): files for learner, lesson, files in taken(room)}
    assert problems == {
        ("ann", ""): "Holds an app.py and no lesson folders; say which lesson it is with --lesson.",
        ("bob", ""): "Holds no lesson folder such as `04-event-handlers`, but `readme.txt`.",
        ("cem", ""): "`cem.py` is one file; say which lesson it is with --lesson.",
        ("dee", ""): "`dee.rar` is neither a folder nor a .zip; hand in one of these.",
        ("eve", ""): "Holds no files.",
        ("fay", ""): "The course has no lesson that is called `04-event-handler`; "
        "rename it to `04-event-handlers`.",
        ("gus", FOUR.slug): "`4` is a file, and a folder belongs there.",
        ("hal", FOUR.slug): "`04` and `4` are the same lesson; keep one of them.",
        ("ian", ""): "Holds no files.",
    }


def test_a_misnamed_lesson_beside_right_ones_is_said(room: Path) -> None:
    put(room, "ann/3/app.py", "ann/9/app.py", "ann/extra/app.py")
    assert taken(room) == [
        ("ann", "03-initialise", ["app.py"]),
        ("ann", "", "The course has no lesson that is called `9`."),
    ]


def test_two_hand_ins_of_one_learner(room: Path) -> None:
    put(room, "ann/4/app.py")
    zipped(room / "ann.zip", "4/app.py")
    assert taken(room) == [("ann", "", "Handed in twice, as `ann` and `ann.zip`; keep one.")]


def test_links_pipes_and_odd_things(room: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    put(elsewhere, "4/app.py")
    (room / "ann").symlink_to(elsewhere)
    os.mkfifo(room / "bob")
    (room / "cem").mkdir()
    (room / "cem" / "4").symlink_to(elsewhere / "4")
    (room / "dee" / "4").mkdir(parents=True)
    os.mkfifo(room / "dee" / "4" / "app.py")
    (room / "eve.zip").symlink_to(elsewhere)
    problems = {learner: files for learner, _, files in taken(room)}
    assert problems["ann"] == "`ann` is a symbolic link; hand in the files themselves."
    assert problems["bob"] == "`bob` is a pipe, not a file."
    assert problems["cem"] == "`4` is a symbolic link; hand in the files themselves."
    assert "app.py" in problems["dee"]
    assert problems["eve.zip"] == "`eve.zip` is a symbolic link; hand in the files themselves."


def test_what_is_nobodys_is_named_and_junk_is_not(room: Path) -> None:
    put(room, "ann/4/app.py", "roster.csv", ".DS_Store", "Thumbs.db", "__MACOSX/x")
    assert read_class(room, LESSONS).ignored == ("roster.csv",)


@pytest.mark.parametrize(
    "name", ["=cmd", "a\nb", "‮evil", "x" * 250, "Åsa", ";rm -rf", "a'\"<b>", "-rf"]
)
def test_odd_names_of_learners(room: Path, name: str) -> None:
    put(room, f"{name}/4/app.py")
    ((learner, lesson, files),) = taken(room)
    assert (lesson, files) == (FOUR.slug, ["app.py"])
    assert "\n" not in learner
    assert "\u202e" not in learner


def test_a_name_that_is_no_utf8(room: Path) -> None:
    folder = os.fsencode(room) + b"/\xff\xfe/4"
    os.makedirs(folder)
    with open(folder + b"/app.py", "wb") as file:
        file.write(b"x")
    ((learner, _, files),) = taken(room)
    assert files == ["app.py"]
    learner.encode("utf-8")


def test_the_order_does_not_depend_on_the_disk(room: Path) -> None:
    for name in ("b", "A", "c", "B2", "a"):
        put(room, f"{name}/4/app.py")
    assert [h.learner for h in read_class(room, LESSONS).handins] == ["A", "a", "b", "B2", "c"]


def test_an_unreadable_folder_is_one_learners_problem(room: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root can read everything")
    put(room, "ann/4/app.py", "bob/4/app.py")
    (room / "ann").chmod(0)
    assert [learner for learner, _, files in taken(room) if isinstance(files, str)] == ["ann"]
    (room / "ann").chmod(0o755)


def test_too_many_learners(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.grading.intake.MAX_HANDINS", 2)
    put(room, "a/4/app.py", "b/4/app.py", "c/4/app.py")
    with pytest.raises(OSError, match="2 can be graded"):
        read_class(room, LESSONS)


def test_no_hand_ins_at_all(room: Path) -> None:
    assert read_class(room, LESSONS) == Intake((), ())
