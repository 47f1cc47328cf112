"""The project in the browser: a stage is worked on like a lesson."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checker.lesson import Course, load_course
from checker.report import CheckResult, SubmissionResult
from checker.stages import load_stages
from checker.workspace import Workspace
from tests.webapp.conftest import MakeSite
from tests.webapp.site import FIXTURES, Wire, post, rooms_of, visitor

ROOT = Path(__file__).parents[2]
STAGES = load_stages(ROOT / "lessons")
FIRST, SECOND, *_, LAST = STAGES


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The small course, with the real project."""
    root = tmp_path / "course"
    shutil.copytree(FIXTURES / "course", root)
    shutil.copytree(ROOT / "lessons/modes/project", root / "modes/project")
    return load_course(root)


@pytest.fixture
def bench(site: Flask, client: FlaskClient) -> Wire:
    return Wire(site, client, FIRST.slug)


def test_the_project_page_lists_stages_and_the_next_thing(client: FlaskClient) -> None:
    page = client.get("/project/").text
    for stage in STAGES:
        assert f'href="/{stage.slug}/"' in page
    assert "Begin here" in page
    assert "Task 1: Show the poll to whoever connects" in page


def test_a_stage_has_its_text_hints_and_bench(client: FlaskClient) -> None:
    page = client.get(f"/{FIRST.slug}/").text
    assert 'id="task-3"' in page
    assert 'data-bench="' in page
    assert "You go on with" not in page
    shown = post(client, f"/hints/{FIRST.slug}/1")
    assert shown.headers["Location"] == f"/{FIRST.slug}/#hints-1"
    assert "There is an event that every client brings about" in client.get(f"/{FIRST.slug}/").text
    assert post(client, f"/hints/{FIRST.slug}/9").status_code == 404
    assert post(client, "/hints/project/09-none/1").status_code == 404


def test_a_stage_has_short_names(client: FlaskClient) -> None:
    assert client.get("/project/1/").headers["Location"] == f"/{FIRST.slug}/"
    assert client.get("/project/9/").status_code == 404


def test_a_passed_stage_is_gone_on_with(site: Flask, client: FlaskClient, bench: Wire) -> None:
    begun = bench.open()["files"]["app.py"]
    ours = Wire(site, client, SECOND.slug).open()["files"]["app.py"]["text"]
    assert ours == SECOND.starter()["app.py"].decode()
    mine = FIRST.solution()["app.py"].decode() + "\n# all mine\n"
    bench.save("app.py", mine, begun["seal"])
    assert Wire(site, client, SECOND.slug).open()["files"]["app.py"]["text"] == ours
    assert bench.check()[-1]["result"]["status"] == "passed"
    second = Wire(site, client, SECOND.slug)
    opened = second.open()["files"]["app.py"]
    assert opened["text"] == mine
    assert "own app of the stage before" in client.get(f"/{SECOND.slug}/").text
    assert "This stage is done" in client.get(f"/{FIRST.slug}/").text
    proof = " ".join(client.get("/yours/proof/").text.split())
    assert '<p class="kicker">The project</p>' in proof
    assert f"</span> {FIRST.title}</h2>" in proof
    assert f"Project, stage 1: {FIRST.title}" in client.get("/yours/").text
    second.save("app.py", "changed", opened["seal"])
    assert bench.open()["files"]["app.py"]["text"] == mine
    assert second.ask("reset")["files"]["app.py"]["text"] == ours
    stranger = Wire(site, visitor(site), SECOND.slug)
    assert stranger.open()["files"]["app.py"]["text"] == ours


def test_stages_are_no_lessons(site: Flask, client: FlaskClient, bench: Wire) -> None:
    begun = bench.open()["files"]["app.py"]
    bench.save("app.py", FIRST.solution()["app.py"].decode(), begun["seal"])
    bench.check()
    assert "0 of 3 tasks done" in client.get("/").text
    assert rooms_of(site).deck.due(1) == 0


def test_the_end_of_the_project(site: Flask, client: FlaskClient) -> None:
    store = rooms_of(site).store
    learner = store.admit_learner(str(client.get_cookie("learner").value))  # type: ignore[union-attr]
    for stage in STAGES:
        store.add_run(learner, stage.slug, {"status": "passed", "checks": []}, "seal")
    done = client.get("/project/").text
    assert "The project is done" in done
    assert "The poll is built." in done
    assert 'href="/yours/proof/"' in done
    assert "Ask how many students it can bear" in done
    assert "Try it with somebody" in client.get(f"/{LAST.slug}/").text


def test_the_browsers_stages_lie_in_no_workspace(
    make_site: MakeSite, course: Course, tmp_path: Path
) -> None:
    site = make_site(workspace=tmp_path / "work")
    bench = Wire(site, visitor(site), FIRST.slug)
    begun = bench.open()["files"]["app.py"]
    bench.save("app.py", FIRST.solution()["app.py"].decode(), begun["seal"])
    assert bench.check()[-1]["result"]["status"] == "passed"
    workspace = Workspace(tmp_path / "work")
    mine = workspace.folder(course.stages[0]) / "app.py"
    assert mine.read_bytes() == FIRST.starter()["app.py"]
    assert workspace.progress().lessons == {}


def test_a_stage_that_passed_in_the_terminal_has_passed_here(
    make_site: MakeSite, course: Course, tmp_path: Path
) -> None:
    workspace = Workspace.start(tmp_path / "work", course).workspace
    check = CheckResult("a", "A", 1, "passed", 1, 1)
    workspace.record(SubmissionResult("you", FIRST.slug, "passed", 1, 1, checks=(check,)))
    workspace.record_hint(FIRST, 1, 1)
    workspace.record(SubmissionResult("you", SECOND.slug, "failed", 0, 1, checks=()))
    site = make_site(workspace=workspace.root)
    client = visitor(site)
    assert client.get("/").status_code == client.get("/yours/").status_code == 200
    assert "0 of 3 tasks done" in client.get("/").text
    assert "This stage is done" in client.get(f"/{FIRST.slug}/").text
    assert "begin with our app of the stage before" in client.get(f"/{SECOND.slug}/").text
    begun = Wire(site, client, SECOND.slug).open()["files"]["app.py"]["text"]
    assert begun == SECOND.starter()["app.py"].decode()
    assert "begin with our app of the stage before" in client.get(f"/{SECOND.slug}/").text
