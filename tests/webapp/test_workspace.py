"""The page and the learner's own editor work on the same files."""

import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from checker.lesson import Course
from checker.report import CheckResult, SubmissionResult
from checker.workspace import Workspace
from tests.webapp.conftest import MakeSite
from tests.webapp.site import BYE, GREETING, HELLO, Wire, post, visitor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mine"


@pytest.fixture
def shared(make_site: MakeSite, folder: Path) -> Flask:
    return make_site(workspace=folder)


@pytest.fixture
def page(shared: Flask) -> Wire:
    wire = Wire(shared, visitor(shared))
    wire.open()
    return wire


def hear(wire: Wire, name: str, seconds: float = 10.0) -> list[object]:
    """Wait for news of this name, and return all of them."""
    heard: list[object] = []
    end = time.monotonic() + seconds
    while not heard and time.monotonic() < end:
        heard += wire.told(name)
        time.sleep(0.02)
    return heard


def test_a_workspace_is_made_complete(shared: Flask, folder: Path) -> None:
    assert (folder / GREETING / "app.py").is_file()
    assert (folder / "02-echo" / "notes.txt").is_file()


def test_every_browser_sees_the_same_files(shared: Flask, folder: Path) -> None:
    (folder / GREETING / "app.py").write_text(HELLO, "utf-8")
    for _ in range(2):
        opened = Wire(shared, visitor(shared)).open()
        assert opened["files"]["app.py"]["text"] == HELLO


def test_what_the_page_saves_is_on_the_disk_and_checks_nothing(page: Wire, folder: Path) -> None:
    begun = page.open()["files"]["app.py"]["seal"]
    assert page.save("app.py", HELLO, begun)["ok"]
    assert (folder / GREETING / "app.py").read_text("utf-8") == HELLO
    assert hear(page, "run", seconds=1.0) == []


def test_a_save_in_the_editor_shows_in_the_page_and_is_checked(page: Wire, folder: Path) -> None:
    time.sleep(0.5)  # the watcher needs a moment to begin
    (folder / GREETING / "app.py").write_text(HELLO + BYE, "utf-8")
    events = []
    for _ in range(200):
        events += [m["args"][0] for m in page.raw.get_received()]
        if any(e.get("event", {}).get("kind") == "run_finished" for e in events):
            break
        time.sleep(0.05)
    texts = [e["files"]["app.py"]["text"] for e in events if "files" in e]
    assert texts[-1] == HELLO + BYE
    assert events[-1]["event"]["result"]["status"] == "passed"


def test_a_save_on_both_sides_keeps_both(page: Wire, folder: Path) -> None:
    begun = page.open()["files"]["app.py"]["seal"]
    (folder / GREETING / "app.py").write_text("from the editor", "utf-8")
    answer = page.save("app.py", "from the page", begun)
    assert answer["theirs"]["text"] == "from the editor"
    assert (folder / GREETING / "app.py").read_text("utf-8") == "from the editor"
    kept = [page.ask("version", id=v["id"]) for v in page.ask("versions")["versions"]]
    assert "from the page" in {each["files"]["app.py"]["text"] for each in kept}


def test_a_folder_beyond_bounds_is_told_of_and_so_is_its_recovery(page: Wire, folder: Path) -> None:
    time.sleep(0.5)  # the watcher needs a moment to begin
    huge = folder / GREETING / "huge.txt"
    huge.write_bytes(b"x" * 600_000)
    assert hear(page, "trouble") == [{"error": "huge.txt is larger than 512,000 bytes."}]
    huge.unlink()
    assert hear(page, "files")


def test_a_file_that_is_no_text_is_named(page: Wire, folder: Path) -> None:
    time.sleep(0.5)  # the watcher needs a moment to begin
    (folder / GREETING / "picture.png").write_bytes(b"\x89PNG\0")
    told: Any = hear(page, "files")[-1]
    assert told["binary"] == ["picture.png"]
    assert list(told["files"]) == ["app.py"]


def test_progress_is_the_workspaces_own(
    make_site: MakeSite, folder: Path, course: Course, page: Wire
) -> None:
    begun = page.open()["files"]["app.py"]["seal"]
    page.save("app.py", HELLO + BYE, begun)
    page.check()
    progress = Workspace(folder).progress().of(GREETING)
    assert progress.solved
    client = visitor(make_site(workspace=folder))
    post(client, f"/hints/{GREETING}/1")
    assert Workspace(folder).progress().of(GREETING).hints == {1: 1}


def test_what_was_reached_in_the_terminal_shows_in_the_page(
    make_site: MakeSite, folder: Path, course: Course
) -> None:
    workspace = Workspace.start(folder, course).workspace
    check = CheckResult("a", "A", 1, "passed", 1, 1)
    result = SubmissionResult("you", GREETING, "passed", 1, 1, checks=(check,))
    workspace.record(result)
    workspace.record_hint(course.lessons[0], 1, 1)
    client = visitor(make_site(workspace=folder))
    assert (
        "Lesson 2" in client.get("/").text.split("The next thing to do")[1].split("</section>")[0]
    )
    assert "Which function answers" in client.get(f"/lessons/{GREETING}/").text


def test_reset_keeps_what_was_there(page: Wire, folder: Path) -> None:
    begun = page.open()["files"]["app.py"]["seal"]
    page.save("app.py", HELLO, begun)
    page.ask("reset")
    assert 'return "Hi"' in (folder / GREETING / "app.py").read_text("utf-8")
    newest = page.ask("versions")["versions"][0]
    page.ask("restore", id=newest["id"])
    assert (folder / GREETING / "app.py").read_text("utf-8") == HELLO


def test_a_folder_beyond_bounds_is_said(page: Wire, folder: Path) -> None:
    (folder / GREETING / "link.py").symlink_to("/etc/passwd")
    answer = page.ask("check")
    assert not answer["ok"]
    assert "link" in answer["error"]
