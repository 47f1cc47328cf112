"""The programs of the pages, run from them: known ones only, within limits, honestly told."""

import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checker.check import Failure
from tests.webapp.site import post, visitor
from webapp.limits import Limiter
from webapp.reading import programs
from webapp.reading.runnable import program_id, programs_of

SHOWN = re.compile(r'data-program="(\w+)"')


@pytest.fixture
def reader(real_site: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A visitor of the real course with a fresh pace."""
    engine = real_site.extensions[programs.KEY]
    fresh = programs.Engine(engine.pool, engine.sources)
    monkeypatch.setitem(real_site.extensions, programs.KEY, fresh)
    return visitor(real_site)


def name_of(page: str, reader: FlaskClient) -> str:
    found = SHOWN.search(reader.get(page).text)
    assert found, page
    return found[1]


def test_every_program_that_a_page_offers_is_known(real_site: Flask, reader: FlaskClient) -> None:
    sources = real_site.extensions[programs.KEY].sources
    assert len(sources) > 40
    for page in ("overview", "myths", "pitfalls", "under-the-hood", "what-changed", "production"):
        offered = SHOWN.findall(reader.get(f"/pages/{page}/").text)
        assert offered, page
        assert set(offered) <= set(sources), page
    deep = SHOWN.findall(reader.get("/deep/").text)
    assert len(deep) > 25
    assert set(deep) <= set(sources)


def test_a_program_prints_what_its_page_says(reader: FlaskClient) -> None:
    name = name_of("/pages/overview/", reader)
    ran = post(reader, f"/programs/{name}")
    assert ran.status_code == 200
    assert ran.json["output"] == "asked: 19\ntold: 1"
    assert ran.json["code"] == 0
    assert ran.json["seconds"] > 0
    assert re.fullmatch(r"3\.\d+\.\d+", ran.json["python"])


def test_a_program_that_fails_tells_its_error(real_site: Flask, reader: FlaskClient) -> None:
    sources = real_site.extensions[programs.KEY].sources
    name = next(key for key, text in sources.items() if '@app.route("message")' in text)
    ran = post(reader, f"/programs/{name}").json
    assert ran["code"] == 1
    assert "URL rule 'message' must start with a slash." in ran["output"]


def test_only_the_courses_own_programs_run(reader: FlaskClient) -> None:
    assert post(reader, "/programs/" + program_id("print('mine')")).status_code == 404
    assert reader.get("/programs/0000000000000000").status_code in (404, 405)
    stranger = reader.post("/programs/x", headers={"Origin": "http://evil.example"})
    assert stranger.status_code == 403


def test_a_flood_is_stopped(real_site: Flask, reader: FlaskClient) -> None:
    engine = real_site.extensions[programs.KEY]
    real_site.extensions[programs.KEY] = programs.Engine(
        engine.pool, engine.sources, pace=Limiter(0.001, 0.001)
    )
    ran = post(reader, f"/programs/{name_of('/pages/overview/', reader)}")
    assert ran.status_code == 429
    assert ran.json == {"error": "That was too much at once. Wait a moment, and try again."}


def test_a_program_waits_for_its_turn_and_not_for_ever(
    real_site: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "PATIENCE", 0.01)
    engine = real_site.extensions[programs.KEY]
    turns = threading.BoundedSemaphore(1)
    turns.acquire()
    real_site.extensions[programs.KEY] = programs.Engine(engine.pool, engine.sources, turns=turns)
    ran = post(reader, f"/programs/{name_of('/pages/overview/', reader)}")
    assert ran.status_code == 503
    assert ran.json == {
        "error": "Many programs run at the moment. Try again in a few seconds.",
    }


@pytest.mark.parametrize(
    ("raised", "said", "status"),
    [
        (Failure("The program did not end in time."), "The program did not end in time.", 200),
        (OSError("no"), "The course had a fault while it ran this. Try again.", 500),
    ],
)
def test_what_cannot_be_run_is_told(
    reader: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    raised: Exception,
    said: str,
    status: int,
) -> None:
    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(programs, "run_program", fail)
    ran = post(reader, f"/programs/{name_of('/pages/overview/', reader)}")
    assert (ran.status_code, ran.json) == (status, {"error": said})


def test_a_course_without_programs_offers_none(site: Flask, client: FlaskClient) -> None:
    assert "data-program" not in client.get("/").text
    assert isinstance(programs_of(site.extensions["course"].course), dict)
