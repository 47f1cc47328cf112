"""Try: apps to begin with, without tasks and without checks."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checker.lesson import Course, CourseError, load_course
from tests.webapp.site import GREETING, Wire, rooms_of
from webapp.bench.trials import load_trials
from webapp.bench.works import Works

TOML = '[[app]]\nfolder = "blank"\ntitle = "A small app"\nsummary = "It does little."\n'


@pytest.fixture(autouse=True)
def blank(course: Course) -> Path:
    """An app of the mode's own, in the small course."""
    folder = course.root / "modes" / "try"
    (folder / "blank" / "templates").mkdir(parents=True)
    (folder / "blank" / "app.py").write_text("print('blank')\n")
    (folder / "blank" / "templates" / "index.html").write_text("<p>Hello</p>\n")
    (folder / "try.toml").write_text(TOML)
    return folder


def test_the_first_page_is_the_first_app(client: FlaskClient) -> None:
    page = client.get("/try/").text
    assert "A small app." in page
    assert "It does little." in page
    assert 'data-bench="{' in page
    assert "&#34;checks&#34;: false" in page
    assert client.get("/try/blank/").headers["Location"] == "/try/"


def test_without_a_script_the_app_can_be_read(client: FlaskClient) -> None:
    page = client.get("/try/").text
    assert "The workbench needs JavaScript." in page
    assert re.search(r"print.*blank", page)


def test_every_lesson_has_a_starter_and_a_solution(client: FlaskClient, course: Course) -> None:
    page = client.get("/try/").text
    for lesson in course.lessons:
        for name in ("starter", "solution"):
            assert f'href="/try/{lesson.slug}/{name}/"' in page
            assert client.get(f"/try/{lesson.slug}/{name}/").status_code == 200
    assert "A solution gives the lesson’s answer away." in page
    assert client.get("/try/nowhere/").status_code == 404


def test_its_files_are_its_own_and_are_put_back(site: Flask, client: FlaskClient) -> None:
    wire = Wire(site, client, f"try/{GREETING}/starter")
    opened = wire.open()
    lesson = rooms_of(site).course.find(GREETING)
    assert opened["files"]["app.py"]["text"] == lesson.starter()["app.py"].decode()
    assert wire.save("app.py", "mine\n", opened["files"]["app.py"]["seal"])["ok"]
    assert Wire(site, client).open()["files"]["app.py"]["text"] != "mine\n"
    assert wire.ask("reset")["files"] == opened["files"]
    assert wire.ask("versions")["versions"][0]["reason"] == "reset"
    assert wire.ask("check")["error"] == "There is nothing to check here. Press Run."


def test_a_course_without_apps_of_its_own_has_those_of_its_lessons(
    course: Course, blank: Path
) -> None:
    (blank / "try.toml").unlink()
    names = [each.name for each in load_trials(course)]
    assert names[:2] == [f"{GREETING}/starter", f"{GREETING}/solution"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[app]]\nfolder = "blank"\n', "an [[app]] has folder, title and summary, all texts."),
        (TOML.replace("blank", "nowhere"), "there is no nowhere/app.py beside it."),
    ],
)
def test_a_list_that_cannot_be_used_is_named(
    course: Course, blank: Path, text: str, message: str
) -> None:
    (blank / "try.toml").write_text(text)
    with pytest.raises(CourseError, match=re.escape(message)):
        load_trials(course)


def test_the_courses_own_apps_can_be_tried() -> None:
    course = load_course(Path(__file__).parents[2] / "lessons")
    works = Works(course)
    assert [each.name for each in works.trials[:2]] == ["blank", "chat"]
    for each in works.trials:
        assert "app.py" in each.starter()
        assert works.find(each.slug) is each
        assert each.checks() == ()
        assert each.solution() == each.starter()
