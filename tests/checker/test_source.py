"""What the source says is read without running it."""

import ast

from checker.source import Source, constant

APP = b"""
import time as clock
from time import sleep
import flask_socketio as fs
from flask_socketio import SocketIO as Hub

hub = Hub(None, async_mode="eventlet")
other = fs.SocketIO()
clock.sleep(1)
sleep(2)
hub.run(app, debug=True)
"""


def test_calls_are_found_by_their_dotted_name_through_aliases() -> None:
    source = Source({"app.py": APP, "b.py": b"import time\ntime.sleep(3)\n"})
    assert [call.line for call in source.calls("SocketIO")] == [7, 8]
    assert [(call.file, call.line) for call in source.calls("time.sleep")] == [
        ("app.py", 9),
        ("app.py", 10),
        ("b.py", 2),
    ]
    (run,) = source.calls("run")
    assert run.name == "hub.run"
    assert constant(run.keywords["debug"]) is True
    assert constant(source.calls("SocketIO")[0].keywords["async_mode"]) == "eventlet"
    assert constant(ast.Name("x")) is None


def test_a_line_is_told_of_the_script_alone() -> None:
    source = Source({"app.py": APP, "b.py": b"import time\ntime.sleep(3)\n"})
    first, _, other = source.calls("time.sleep")
    assert source.script_line(first) == 9
    assert source.script_line(other) is None
    assert source.script_line(None) is None


def test_broken_files_are_kept_as_text() -> None:
    source = Source({"app.py": b"def (", "index.html": b"<p>"})
    assert source.tree() is None
    assert source.calls("x") == ()
    assert source.text("index.html") == "<p>"
    assert source.text("gone.html") == ""
    assert source.line_of("(") == 1
    assert source.line_of("nothing") is None


def test_imports_are_known_by_their_local_name() -> None:
    assert Source({"app.py": APP}).imports["Hub"] == "flask_socketio.SocketIO"
