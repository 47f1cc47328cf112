"""A workspace gives starters and never loses a learner's file."""

from pathlib import Path

import pytest

from checker.lesson import Course, load_course
from checker.report import SubmissionResult
from checker.workspace import Workspace, WorkspaceError
from tests.checker.small_course import SOLUTION, STARTER, write_course, write_project


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return load_course(write_course(tmp_path / "course"))


@pytest.fixture
def workspace(tmp_path: Path, course: Course) -> Workspace:
    return Workspace.start(tmp_path / "mine", course).workspace


def passed(slug: str) -> SubmissionResult:
    return SubmissionResult("you", slug, "passed", 4, 4)


def test_starting_writes_every_starter(tmp_path: Path, course: Course) -> None:
    started = Workspace.start(tmp_path / "a" / "b", course)
    assert started.added == ("01-greet", "02-part")
    assert started.kept == ()
    folder = tmp_path / "a" / "b" / "01-greet"
    assert (folder / "app.py").read_bytes() == STARTER
    assert (folder / "notes" / "read.txt").read_bytes() == b"read me\n"


def test_starting_again_keeps_what_is_there(workspace: Workspace, course: Course) -> None:
    mine = workspace.folder(course.lessons[0]) / "app.py"
    mine.write_text("mine")
    for path in workspace.folder(course.lessons[1]).rglob("*.*"):
        path.unlink()
    (workspace.root / "02-part" / "notes").rmdir()
    started = Workspace.start(workspace.root, course)
    assert (started.added, started.kept) == (("02-part",), ("01-greet",))
    assert mine.read_text() == "mine"


def test_starting_over_a_file_of_that_name_keeps_it(tmp_path: Path, course: Course) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "01-greet").write_text("a file of mine")
    assert Workspace.start(tmp_path / "mine", course).kept == ("01-greet",)


def test_starting_where_nothing_can_be_written_is_one_sentence(
    tmp_path: Path, course: Course
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        WorkspaceError, match=r"file/\.course cannot be written: Not a directory\.$"
    ):
        Workspace.start(tmp_path / "file", course)


def test_a_workspace_is_found_from_below(workspace: Workspace, tmp_path: Path) -> None:
    deep = workspace.root / "01-greet" / "notes"
    assert Workspace.find(deep) == workspace
    assert Workspace.find(tmp_path) is None


def test_a_lesson_is_found_by_a_path_inside(workspace: Workspace, course: Course) -> None:
    found = workspace.lesson_at(workspace.root / "02-part" / "notes" / "read.txt", course)
    assert found is course.lessons[1]
    assert workspace.lesson_at(workspace.root, course) is None
    assert workspace.lesson_at(workspace.root / "02-partly", course) is None


def test_the_first_unsolved_lesson_moves_on(workspace: Workspace, course: Course) -> None:
    assert workspace.first_unsolved(course) is course.lessons[0]
    workspace.record(passed("01-greet"))
    assert workspace.first_unsolved(course) is course.lessons[1]
    workspace.record(passed("02-part"))
    assert workspace.first_unsolved(course) is None


def test_a_reset_keeps_what_was_there(workspace: Workspace, course: Course) -> None:
    folder = workspace.root / "01-greet"
    (folder / "app.py").write_bytes(SOLUTION)
    (folder / "notes" / "more.txt").write_text("more")
    (folder / "extra.py").write_text("extra")
    backup = workspace.reset(course.lessons[0])
    assert backup is not None
    assert backup.parent.parent == workspace.root / ".course" / "backups"
    assert (backup / "app.py").read_bytes() == SOLUTION
    assert (backup / "notes" / "more.txt").read_text() == "more"
    assert (backup / "extra.py").read_text() == "extra"
    assert (folder / "app.py").read_bytes() == STARTER
    assert sorted(path.name for path in folder.iterdir()) == ["app.py", "notes"]


def test_two_resets_make_two_backups(workspace: Workspace, course: Course) -> None:
    assert workspace.reset(course.lessons[0]) != workspace.reset(course.lessons[0])
    assert len(list((workspace.root / ".course" / "backups").iterdir())) == 2


def test_a_reset_leaves_environments_and_hidden_files(workspace: Workspace, course: Course) -> None:
    folder = workspace.root / "01-greet"
    for name in (".venv", "venv", ".git", "__pycache__"):
        (folder / name).mkdir()
        (folder / name / "kept").write_text("")
    workspace.reset(course.lessons[0])
    assert all((folder / name / "kept").exists() for name in (".venv", "venv", ".git"))


def test_a_reset_of_a_lost_folder_makes_it_again(workspace: Workspace, course: Course) -> None:
    (workspace.root / "01-greet").rename(workspace.root / "moved")
    assert workspace.reset(course.lessons[0]) is None
    assert (workspace.root / "01-greet" / "app.py").read_bytes() == STARTER


def test_a_reset_that_cannot_be_done_is_one_sentence(workspace: Workspace, course: Course) -> None:
    (workspace.root / "01-greet").rename(workspace.root / "moved")
    (workspace.root / "01-greet").write_text("in the way")
    with pytest.raises(WorkspaceError, match=r"01-greet cannot be changed: File exists\.$"):
        workspace.reset(course.lessons[0])


def test_hints_and_requests_are_remembered(workspace: Workspace, course: Course) -> None:
    lesson = course.lessons[0]
    workspace.record_hint(lesson, 2, 1)
    assert workspace.record_solution_asked(lesson).solution_asked == 1
    assert workspace.record_solution_asked(lesson).solution_asked == 2
    assert Workspace(workspace.root).progress().of(lesson.slug).hints == {2: 1}


def test_a_damaged_progress_file_is_told_once(workspace: Workspace) -> None:
    told: list[str] = []
    (workspace.root / ".course" / "progress.json").write_text("spoiled")
    found = Workspace.find(workspace.root, told.append)
    assert found is not None
    assert found.progress().lessons == {}
    assert found.progress().lessons == {}
    assert len(told) == 1
    assert "could not be understood" in told[0]


# ---------------------------------------------------------------- the project


@pytest.fixture
def built(tmp_path: Path) -> Course:
    """The small course, with a project of two stages."""
    write_project(tmp_path / "course")
    return load_course(tmp_path / "course")


def test_the_project_is_one_folder_that_begins_with_the_first_stage(
    course: Course, built: Course, tmp_path: Path
) -> None:
    started = Workspace.start(tmp_path / "mine", built)
    assert started.added == ("01-greet", "02-part", "project")
    folders = {started.workspace.folder(stage) for stage in built.stages}
    assert folders == {tmp_path / "mine" / "project"}
    assert (tmp_path / "mine/project/app.py").read_bytes() == STARTER


def test_a_workspace_from_before_the_project_gets_its_folder(
    workspace: Workspace, built: Course
) -> None:
    started = Workspace.start(workspace.root, built)
    assert (started.added, started.kept) == (("project",), ("01-greet", "02-part"))
    (workspace.root / "project/app.py").write_text("mine")
    assert Workspace.start(workspace.root, built).kept == ("01-greet", "02-part", "project")
    assert (workspace.root / "project/app.py").read_text() == "mine"


def test_inside_the_project_it_is_the_first_stage_that_has_not_passed(
    workspace: Workspace, built: Course
) -> None:
    first, second = built.stages
    place = workspace.root / "project" / "notes"
    assert workspace.lesson_at(place, built) is workspace.next_stage(built) is first
    workspace.record(passed(first.slug))
    assert workspace.lesson_at(place, built) is workspace.next_stage(built) is second
    workspace.record(passed(second.slug))
    assert workspace.lesson_at(place, built) is second
    assert workspace.next_stage(built) is None


def test_a_course_without_a_project_has_nothing_there(workspace: Workspace, course: Course) -> None:
    assert workspace.lesson_at(workspace.root / "project", course) is None
    assert workspace.next_stage(course) is None


def test_stages_are_kept_by_their_slug_and_are_no_lessons(
    workspace: Workspace, built: Course
) -> None:
    workspace.record(passed("project/01-hum"))
    progress = Workspace(workspace.root).progress()
    assert progress.of("project/01-hum").solved
    assert workspace.first_unsolved(built) is built.lessons[0]


def test_a_stage_can_be_what_was_checked_last(workspace: Workspace, built: Course) -> None:
    failed = SubmissionResult("you", "project/02-sing", "failed", 1, 4)
    workspace.record(failed)
    assert workspace.last_checked(built) is built.stages[1]
    workspace.record(passed("project/02-sing"))
    assert workspace.last_checked(built) is None


def test_a_reset_of_a_stage_puts_the_former_solution_there(
    workspace: Workspace, built: Course
) -> None:
    Workspace.start(workspace.root, built)
    mine = workspace.root / "project/app.py"
    mine.write_text("mine")
    backup = workspace.reset(built.stages[1])
    assert backup is not None
    assert backup.relative_to(workspace.root / ".course/backups").parts[1:] == (
        "project",
        "02-sing",
    )
    assert (backup / "app.py").read_text() == "mine"
    assert mine.read_bytes() == SOLUTION
    assert not (workspace.root / "project/notes").exists()
    workspace.reset(built.stages[0])
    assert mine.read_bytes() == STARTER
