"""A small course of two lessons and two pages, and the ways to visit it that tests need."""

import os
import re
import time
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIO, SocketIOTestClient

from webapp.assets import Assets
from webapp.rooms import KEY, Rooms

FIXTURES = Path(__file__).parent / "fixtures"
BUILD = Path(__file__).parents[2] / "webapp" / "frontend" / "build.mjs"
ENTRIES = re.findall(r'^  "([\w.-]+)": "src/', BUILD.read_text("utf-8"), re.M)
ASSETS = Assets({name: name for name in ENTRIES}, ())

GREETING = "01-greeting"
HELLO = """from flask import Flask
app = Flask(__name__)
@app.route("/")
def index():
    return "Hello!"
"""
BYE = """@app.route("/bye")
def bye():
    return "Bye!"
"""


def built_with(path: Path) -> Path:
    """Return a file or folder that building the front end leaves behind.

    Without it (the build came ready-made) the test is skipped; in CI it fails.
    """
    if path.exists():
        return path
    reason = f"{path.name} is not here: run `npm ci` in webapp/frontend."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def visitor(site: Flask) -> FlaskClient:
    client = site.test_client()
    assert client.get("/").status_code == 200
    return client


def post(client: FlaskClient, path: str, **form: object) -> Any:
    """Post a form as a browser does from one of our pages."""
    return client.post(path, data=form, headers={"Origin": "http://localhost"})


def rooms_of(site: Flask) -> Rooms:
    return cast("Rooms", site.extensions[KEY])


class Wire:
    """One page's connection: asks, and collects what it is told."""

    def __init__(self, site: Flask, client: FlaskClient, lesson: str = GREETING) -> None:
        socketio = cast("SocketIO", site.extensions["socketio"])
        self.raw: SocketIOTestClient = socketio.test_client(site, flask_test_client=client)
        self.lesson = lesson

    def ask(self, event: str, **message: object) -> Any:
        return self.raw.emit(event, {"lesson": self.lesson} | message, callback=True)

    def open(self) -> Any:
        answer = self.ask("open")
        assert answer["ok"], answer
        return answer

    def save(self, name: str, text: str, base: str | None) -> Any:
        return self.ask("save", name=name, text=text, base=base)

    def check(self) -> list[Any]:
        """Check, and return the events of the run once it is over."""
        run = self.ask("check")
        assert run["ok"], run
        events: list[Any] = []
        for _ in range(2000):
            events += [m["event"] for m in self.told("run") if m["id"] == run["run"]]
            if events and events[-1]["kind"] in ("run_finished", "run_ended"):
                return events
            time.sleep(0.01)
        raise AssertionError(f"The run did not end: {events}")

    def told(self, name: str) -> list[Any]:
        return [m["args"][0] for m in self.raw.get_received() if m["name"] == name]
