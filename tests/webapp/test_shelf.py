from pathlib import Path

import pytest

from checker.lesson import Course
from checker.submission import SubmissionError
from webapp.bench.shelf import FolderShelf, StoredShelf
from webapp.files import BadName, check_name, seal
from webapp.stores.store import Store


def test_a_stored_shelf_begins_with_the_starter(course: Course, store: Store) -> None:
    lesson = course.lessons[0]
    shelf = StoredShelf(store, store.admit_learner("me"), lesson)
    assert shelf.read() == lesson.starter()
    shelf.change(lambda files: {**files, "extra.py": b"x"})
    assert shelf.read() == {**lesson.starter(), "extra.py": b"x"}


def test_a_folder_shelf_writes_only_what_changed(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b"one")
    (tmp_path / "other.py").write_bytes(b"two")
    before = (tmp_path / "other.py").stat().st_mtime_ns
    shelf = FolderShelf(tmp_path)
    shelf.change(lambda files: {**files, "app.py": b"new", "templates/index.html": b"<p>"})
    assert (tmp_path / "app.py").read_bytes() == b"new"
    assert (tmp_path / "templates/index.html").read_bytes() == b"<p>"
    assert (tmp_path / "other.py").stat().st_mtime_ns == before
    shelf.change(lambda files: {"app.py": files["app.py"]})
    assert not (tmp_path / "other.py").exists()


def test_a_folder_shelf_tells_others_changes_from_its_own(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b"one")
    shelf = FolderShelf(tmp_path)
    assert shelf.news() is None
    shelf.change(lambda files: {"app.py": b"by the page"})
    assert shelf.news() is None
    (tmp_path / "app.py").write_bytes(b"by an editor")
    assert shelf.news() == {"app.py": b"by an editor"}
    assert shelf.news() is None


def test_a_folder_shelf_keeps_within_its_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_bytes(b"secret")
    folder = tmp_path / "lesson"
    folder.mkdir()
    (folder / "link.py").symlink_to(outside)
    with pytest.raises(SubmissionError):
        FolderShelf(folder).read()
    with pytest.raises(BadName):
        FolderShelf(tmp_path / "new").change(lambda files: {"../outside.py": b"x"})
    assert outside.read_bytes() == b"secret"


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert FolderShelf(tmp_path / "none").read() == {}


@pytest.mark.parametrize("name", ["app.py", "templates/index.html", "a/b/c/d.js", "Read_me-2.txt"])
def test_good_names(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../x.py",
        "a/../x",
        ".env",
        "a//b",
        "a b.py",
        "a\\b",
        "x" * 70,
        "a/b/c/d/e",
    ],
)
def test_bad_names(name: str) -> None:
    with pytest.raises(BadName):
        check_name(name)


def test_a_seal_follows_the_content() -> None:
    assert seal(b"a") == seal(b"a") != seal(b"b")
