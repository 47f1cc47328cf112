"""Learners' own apps, running: whose they are, how many there may be, and when they end."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIO, SocketIOTestClient

from checker.preview import Gone, Listening, Output, Silent, Traffic
from tests.webapp.conftest import MakeSite
from tests.webapp.site import GREETING, rooms_of, visitor
from webapp.bench.previews import as_event
from webapp.config import Config, ConfigError

SERVER = """
from flask import Flask
app = Flask(__name__)

@app.route("/")
def index():
    return "It runs."

if __name__ == "__main__":
    app.run()
"""
OPEN = f"/lessons/{GREETING}/"


class Pane:
    """The preview pane of one page."""

    def __init__(self, site: Flask, client: FlaskClient) -> None:
        socketio = cast("SocketIO", site.extensions["socketio"])
        self.site = site
        self.raw: SocketIOTestClient = socketio.test_client(
            site, namespace="/preview", flask_test_client=client
        )
        self.news: list[Any] = []

    def ask(self, name: str, place: object = GREETING) -> Any:
        return self.raw.emit(name, {"place": place}, namespace="/preview", callback=True)

    def save(self, text: str, client: FlaskClient) -> None:
        store = rooms_of(self.site).store
        learner = store.find_learner(client.get_cookie("learner").value)  # type: ignore[union-attr]
        assert learner is not None
        lesson = rooms_of(self.site).course.find(GREETING)
        rooms_of(self.site).bench(learner, lesson).shelf.change(
            lambda files: {"app.py": text.encode()}
        )

    def wait(self, wanted: Callable[[Any], bool]) -> Any:
        """Return the first event that is wanted."""
        end = time.monotonic() + 40
        while time.monotonic() < end:
            received = self.raw.get_received("/preview")
            self.news += [each["args"][0] for each in received if each["name"] == "news"]
            for each in self.news:
                if wanted(each["event"]):
                    return each["event"]
            time.sleep(0.02)
        raise AssertionError(self.news)

    def until(self, kind: str) -> Any:
        return self.wait(lambda event: event["kind"] == kind)


@pytest.fixture
def pane(site: Flask, client: FlaskClient) -> Iterator[Pane]:
    opened = Pane(site, client)
    yield opened
    opened.ask("stop")


def visit(origin: str) -> requests.Response:
    """Visit an origin under localhost, whether this machine knows such names or not."""
    parts = urlsplit(origin)
    url = f"http://127.0.0.1:{parts.port}/"
    return requests.get(url, headers={"Host": parts.netloc}, timeout=20)


def test_an_app_runs_is_visited_and_stopped(pane: Pane, client: FlaskClient) -> None:
    origins = pane.ask("open")["origins"]
    assert len(origins) == len(set(origins)) == 2
    assert visit(origins[0]).status_code == 404
    pane.save(SERVER, client)
    assert pane.ask("run")["running"]["state"] == {"kind": "starting"}
    assert pane.until("listening")["address"] == "http://127.0.0.1:5000/"
    assert [visit(origin).text for origin in origins] == ["It runs.", "It runs."]
    rows = pane.until("traffic")["rows"]
    assert (rows[0]["method"], rows[0]["path"], rows[0]["status"]) == ("GET", "/", 200)
    pane.wait(lambda event: any(row["user"] == 2 for row in event.get("rows", [])))
    later = Pane(pane.site, client).ask("open")["running"]
    assert later["state"]["kind"] == "listening"
    assert "Running on" in later["output"]
    assert {row["user"] for row in later["rows"]} == {1, 2}
    assert pane.ask("stop")["ok"]
    assert pane.until("gone")["message"] == "Your app was stopped."
    assert visit(origins[0]).text == "No app runs here. Go to the course and press Run."


def test_a_stranger_has_other_origins_and_hears_nothing(
    pane: Pane, site: Flask, client: FlaskClient
) -> None:
    stranger = Pane(site, visitor(site))
    mine, theirs = pane.ask("open")["origins"], stranger.ask("open")["origins"]
    assert not set(mine) & set(theirs)
    assert all(re.fullmatch(r"http://[0-9a-f]{26}\.localhost:\d+", each) for each in mine)
    pane.save(SERVER, client)
    pane.ask("run")
    pane.until("listening")
    assert stranger.ask("open")["running"] is None
    assert stranger.raw.get_received("/preview") == []
    assert visit(theirs[0]).status_code == 404
    stranger.ask("stop")
    assert visit(mine[0]).text == "It runs."


def test_the_page_may_frame_these_origins_and_no_other(pane: Pane, client: FlaskClient) -> None:
    origins = pane.ask("open")["origins"]
    policy = client.get(OPEN).headers["Content-Security-Policy"]
    assert policy.endswith(f"; frame-src {origins[0]} {origins[1]}")
    assert "frame-src" not in client.get("/").headers["Content-Security-Policy"]


def test_news_are_numbered_and_a_page_that_comes_later_knows_up_to_which(
    pane: Pane, client: FlaskClient
) -> None:
    pane.save("print('hello')\n", client)
    assert pane.ask("run")["ok"]
    pane.until("gone")
    numbers = [each["number"] for each in pane.news]
    assert numbers == list(range(1, len(numbers) + 1))
    later = Pane(pane.site, client).ask("open")["running"]
    assert (later["told"], later["output"]) == (numbers[-1], "hello\n")


def test_running_again_takes_the_place_of_what_ran(pane: Pane, client: FlaskClient) -> None:
    pane.save(SERVER, client)
    first = pane.ask("run")["running"]["id"]
    pane.until("listening")
    pane.save("print('the second')\n", client)
    second = pane.ask("run")["running"]["id"]
    assert first != second
    replaced = pane.wait(lambda event: event.get("reason") == "replaced")
    assert replaced["message"] == "You have run another app since, so this one was stopped."
    pane.wait(lambda event: event.get("reason") == "ended")
    ends = {each["id"]: each["event"]["reason"] for each in pane.news if "reason" in each["event"]}
    assert ends == {first: "replaced", second: "ended"}


def test_too_many_apps_are_refused_in_one_sentence(
    make_site: MakeSite,
) -> None:
    site = make_site(previews_at_once=1)
    here, there = visitor(site), visitor(site)
    one, two = Pane(site, here), Pane(site, there)
    one.save(SERVER, here)
    assert one.ask("run")["ok"]
    assert two.ask("run") == {
        "ok": False,
        "error": "Too many apps run at the moment. Try again in a minute.",
    }
    assert one.ask("run")["ok"], "one's own app makes room for itself"


def test_what_cannot_be_run_is_said(pane: Pane, client: FlaskClient) -> None:
    pane.save("", client)
    rooms_of(pane.site).bench(1, rooms_of(pane.site).course.find(GREETING)).shelf.change(
        lambda files: {"other.py": b""}
    )
    assert pane.ask("run")["error"] == "There is no app.py to run. Add one."
    assert "nothing called 'try/nowhere'" in pane.ask("run", "try/nowhere")["error"]
    assert pane.ask("run", 7)["error"] == "The page sent something odd. Load it again."


def test_runs_have_a_pace(pane: Pane, client: FlaskClient) -> None:
    pane.save("print('short')\n", client)
    answers = [pane.ask("run") for _ in range(12)]
    assert answers[-1]["error"] == "That was quick. Wait a few seconds, then run it again."


def test_an_app_ends_when_the_last_page_has_gone(
    pane: Pane, site: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.bench.preview_events.LEAVING_SECONDS", 0.1)
    other = Pane(site, client)
    pane.save(SERVER, client)
    pane.ask("run")
    pane.until("listening")
    running = rooms_of(site).previews.current(1)
    assert running is not None
    other.raw.disconnect(namespace="/preview")
    time.sleep(0.3)
    assert not running.over
    pane.raw.disconnect(namespace="/preview")
    for _ in range(1000):
        if running.state["kind"] == "gone":
            break
        time.sleep(0.02)
    assert running.state["message"] == "Your app was stopped when you left the page."
    pane.raw.connect(namespace="/preview")


def test_a_check_without_walls_ends_what_would_be_in_its_way(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site()
    client = visitor(site)
    pane = Pane(site, client)
    pane.save(SERVER, client)
    pane.ask("run")
    pane.until("listening")
    previews = rooms_of(site).previews
    previews.make_way()
    assert not previews.current(1).over  # type: ignore[union-attr]
    monkeypatch.setattr("checker.stage.pool.Pool.sandbox", "process")
    previews.make_way()
    message = pane.until("gone")["message"]
    assert message == "Your app was stopped so that a check could use its port. Run it again."


def test_without_a_cookie_there_is_no_preview(site: Flask) -> None:
    socketio = cast("SocketIO", site.extensions["socketio"])
    stranger = socketio.test_client(site, namespace="/preview")
    assert not stranger.is_connected("/preview")


def test_a_course_for_others_says_where_previews_are(make_site: MakeSite) -> None:
    site = make_site(hosts=())
    previews = rooms_of(site).previews
    assert previews.origins("token", "course.example.org") == []
    assert len(previews.origins("token", "[::1]:8000")) == 2
    other = rooms_of(make_site(preview_origin="https://*.preview.example.org")).previews
    one, two = other.origins("token", "course.example.org")
    assert re.fullmatch(r"https://[0-9a-f]{26}\.preview\.example\.org", one)
    assert one != two


def test_settings_are_read_and_checked() -> None:
    env = {"COURSE_PREVIEW_ORIGIN": "https://*.p.example.org/", "COURSE_PREVIEW_PORT": "8100"}
    config = Config.from_environ({**env, "COURSE_PREVIEWS_AT_ONCE": "9"})
    assert (config.preview_origin, config.preview_port) == ("https://*.p.example.org", 8100)
    assert config.previews_at_once == 9
    for name, value, message in (
        ("COURSE_PREVIEW_ORIGIN", "p.example.org", "It must be like https://"),
        ("COURSE_PREVIEW_PORT", "99999", "It must be a port, 1 to 65535."),
        ("COURSE_PREVIEWS_AT_ONCE", "0", "It must be a whole number, 1 or more."),
    ):
        with pytest.raises(ConfigError, match=re.escape(message)):
            Config.from_environ({name: value})


def test_news_are_told_as_the_page_expects_them() -> None:
    assert as_event(Output("x")) == {"kind": "output", "text": "x"}
    assert as_event(Traffic((), 3)) == {"kind": "traffic", "rows": [], "lost": 3}
    assert as_event(Listening("http://a/")) == {"kind": "listening", "address": "http://a/"}
    assert as_event(Silent("last", None)) == {"kind": "silent", "last": "last", "help": None}
    assert as_event(Gone("ended", "It ended.", "Look.", 3, 1)) == {
        "kind": "gone",
        "reason": "ended",
        "message": "It ended.",
        "help": "Look.",
        "line": 3,
        "exit": 1,
    }
