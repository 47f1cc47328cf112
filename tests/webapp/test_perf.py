"""The Perf mode: programs that fit together, a run from the page, and what is refused."""

import ast
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient
from selectolax.lexbor import LexborHTMLParser

from checker.lesson import CourseError, load_course
from checker.load import LoadError, Plan, Sample
from checker.run import Cancelled, Pool
from tests.webapp.site import ASSETS, visitor
from webapp.app import close, create_app
from webapp.config import Config
from webapp.modes import perf
from webapp.modes.lab import SECONDS, Lab, load_lab, summary

LESSONS = Path(__file__).parents[2] / "lessons"


@pytest.fixture(scope="module")
def lab() -> Lab:
    found = load_lab(load_course(LESSONS))
    assert found is not None
    return found


@pytest.fixture
def site(config: Config, pool: Pool) -> Iterator[Flask]:
    made = create_app(config, course=load_course(LESSONS), assets=ASSETS, pool=pool)
    yield made
    close(made)


def connect(site: Flask) -> SocketIOTestClient:
    socketio = cast("SocketIO", site.extensions["socketio"])
    return socketio.test_client(site, namespace="/perf", flask_test_client=visitor(site))


def ask(client: SocketIOTestClient, event: str, **message: object) -> Any:
    return client.emit(event, message, namespace="/perf", callback=True)


def start(client: SocketIOTestClient, **changes: object) -> Any:
    return ask(client, "start", **({"mode": "gevent", "pattern": "sleep", "clients": 50} | changes))


def told(client: SocketIOTestClient, until: str) -> list[Any]:
    found: list[Any] = []
    for _ in range(500):
        found += client.get_received("/perf")
        if any(each["name"] == until for each in found):
            return found
        time.sleep(0.01)
    raise AssertionError(f"no {until} in {found}")


class Slow:
    """Stands for a run: one sample, and then nothing until it is stopped."""

    def __init__(self) -> None:
        self.plans: list[tuple[bytes, Plan]] = []

    def __call__(self, pool: Any, files: Any, plan: Plan, *, cancel: Any) -> Iterator[Sample]:
        self.plans.append((files["app.py"], plan))
        yield Sample(0.25, 50, 400.0, 2.5, None)
        cancel.wait(20)
        raise Cancelled


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    stand_in = Slow()
    monkeypatch.setattr(perf, "run_load", stand_in)
    return stand_in


def test_every_program_of_the_lab_is_a_whole_one(lab: Lab) -> None:
    for mode in lab.modes:
        for pattern in lab.patterns:
            program = lab.program(mode.slug, pattern.slug)
            tree = ast.parse(program)
            assert program.count("SocketIO(app") == 1
            assert f'async_mode="{mode.slug}"' in program
            assert isinstance(tree.body[-1], ast.If)
            patched = "patch" in program
            green = mode.slug != "threading"
            assert patched == (green and pattern.slug != "sleep")
            assert bool(lab.disturb(pattern.slug)) == ('@socketio.on("slow")' in program)
            if patched:
                assert program.startswith(("import eventlet\n\neventlet.monkey", "from gevent"))


def test_the_page_shows_the_program_that_is_chosen(site: Flask) -> None:
    client = visitor(site)
    page = LexborHTMLParser(client.get("/perf/?mode=gevent&pattern=busy").text)
    program = page.css_first("#program")
    assert program is not None
    assert "10_000_000" in program.text()
    assert "monkey" in program.text()
    assert "No patch helps here" in program.text()
    assert client.get("/perf/?mode=asgi").status_code == 404
    assert client.get("/perf/?pattern=../../etc").status_code == 404


def test_a_course_without_a_lab_has_no_such_page(make_site: Any) -> None:
    assert visitor(make_site()).get("/perf/").status_code == 404


def test_a_lab_that_cannot_be_read_is_named(course: Any) -> None:
    folder = course.root / "modes" / "perf"
    folder.mkdir(parents=True)
    (folder / "lab.toml").write_text("mode = [", "utf-8")
    with pytest.raises(CourseError, match=r"modes/perf/lab\.toml cannot be used"):
        load_lab(course)


def test_a_page_is_told_each_sample_and_the_end(site: Flask, slow: Slow) -> None:
    client = connect(site)
    assert start(client) == {"ok": True}
    sample = next(each for each in told(client, "sample") if each["name"] == "sample")
    assert sample["args"] == [
        {"at": 0.25, "connected": 50, "rate": 400.0, "median": 2.5, "p95": None}
    ]
    program, plan = slow.plans[0]
    assert b"time.sleep(1)" in program
    assert plan == Plan(50, SECONDS, disturb=(3.0, 5.0, 7.0))
    assert ask(client, "stop") == {"ok": True}
    ended = next(each for each in told(client, "ended") if each["name"] == "ended")
    assert ended["args"] == [{"why": "stopped"}]


def test_there_is_one_run_at_a_time(site: Flask, slow: Slow) -> None:
    mine, other = connect(site), connect(site)
    assert start(mine) == {"ok": True}
    assert start(mine)["error"] == "A run of yours still goes on. Stop it first."
    wait = f"Someone else's run goes on, for about {int(SECONDS) + 1} s more. Then start yours."
    assert start(other)["error"] == wait
    assert ask(other, "stop") == {"ok": True}
    assert not any(each["name"] == "ended" for each in mine.get_received("/perf"))
    ask(mine, "stop")
    told(mine, "ended")
    assert start(other) == {"ok": True}


def test_no_run_begins_before_the_end_of_the_last_one_is_told(
    site: Flask, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page took that end for the end of the new run."""
    order: list[str] = []
    emit = perf.LoadBench.emit
    client = connect(site)
    again = threading.Thread(target=lambda: order.append(f"started {start(client)['ok']}"))

    def tells(bench: perf.LoadBench, event: str, *args: Any, **options: Any) -> Any:
        if event == "ended" and not order:
            again.start()
            again.join(1)
            order.append("ended")
        return emit(bench, event, *args, **options)

    monkeypatch.setattr(perf.LoadBench, "emit", tells)
    assert start(client) == {"ok": True}
    ask(client, "stop")
    told(client, "ended")
    again.join(20)
    assert order == ["ended", "started True"]


def test_a_page_that_goes_takes_its_run_along(site: Flask, slow: Slow) -> None:
    mine, other = connect(site), connect(site)
    start(mine)
    mine.disconnect("/perf")
    for _ in range(200):
        if start(other).get("ok"):
            return
        time.sleep(0.02)
    raise AssertionError("the run went on without its page")


def test_runs_come_at_a_bounded_pace(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perf, "run_load", lambda *_, **__: iter(()))
    client = connect(site)
    answers = []
    for _ in range(6):
        answers.append(start(client))
        if not answers[-1]["ok"]:
            break
        told(client, "ended")
    assert "That was quick. You can start again in " in answers[-1]["error"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"clients": 10_000}, "Choose one of the numbers of clients that the page offers."),
        ({"clients": "50"}, "Choose one of the numbers of clients that the page offers."),
        ({"mode": "asgi"}, "Choose a mode and a program that the page offers."),
        ({"pattern": None}, "Choose a mode and a program that the page offers."),
    ],
)
def test_what_the_page_would_not_send_is_refused(
    site: Flask, slow: Slow, changes: dict[str, object], said: str
) -> None:
    assert start(connect(site), **changes) == {"ok": False, "error": said}
    assert slow.plans == []


def test_without_a_cookie_there_is_no_line(site: Flask) -> None:
    socketio = cast("SocketIO", site.extensions["socketio"])
    stranger = socketio.test_client(site, namespace="/perf", flask_test_client=site.test_client())
    assert not stranger.is_connected("/perf")


def test_a_server_that_does_not_start_is_told(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Iterator[Sample]:
        raise LoadError("The server did not start.")

    monkeypatch.setattr(perf, "run_load", broken)
    client = connect(site)
    start(client)
    ended = next(each for each in told(client, "ended") if each["name"] == "ended")
    assert ended["args"] == [{"why": "failed", "error": "The server did not start."}]


def test_a_run_in_four_numbers_leaves_the_beginning_out() -> None:
    samples: list[dict[str, float | None]] = [
        {"at": 0.5, "rate": 1.0, "median": 900.0, "p95": 900.0},
        {"at": 2.0, "rate": 100.0, "median": 2.0, "p95": 4.0},
        {"at": 3.0, "rate": 200.0, "median": None, "p95": 8.0},
    ]
    assert summary(samples) == {"rate": 150.0, "median": 2.0, "p95": 8.0, "worst": 8.0}


def test_the_recorded_runs_are_runs_of_this_lab(lab: Lab) -> None:
    runs = lab.recorded["runs"]
    modes, patterns = {each.slug for each in lab.modes}, {each.slug for each in lab.patterns}
    assert {run["mode"] for run in runs} == modes
    assert {run["pattern"] for run in runs} == patterns
    for run in runs:
        known = {name: run[name] for name in ("rate", "median", "p95", "worst")}
        assert summary(run["samples"]) == known


def test_the_recorded_runs_are_shown_as_a_table(site: Flask, lab: Lab) -> None:
    client = visitor(site)
    page = LexborHTMLParser(client.get("/perf/").text)
    rows = page.css("table.recorded tbody tr")
    assert len(rows) == len(lab.recorded["runs"])
    text = page.css_first("article")
    assert text is not None
    assert lab.recorded["command"] in text.text()
    assert lab.recorded["machine"] in text.text()
    answer = client.get("/perf/recorded.json").json
    assert answer is not None
    assert answer["runs"][0]["samples"]
