"""Handlers are found in the source, with what ties them to events."""

import time

from checker.handlers import line_in_entry, line_inside, listeners, socketio_objects, ties
from checker.source import Source

APP = b"""\
from flask_socketio import SocketIO

hub = SocketIO(app)
late = SocketIO()


@hub.on("message")
def first(data):
    print("first")


@hub.on("message")
@hub.on("connect")
async def second(data=None):
    print("second")


@hub.on
def bare(data):
    pass


def make():
    @hub.on("made")
    def third(data):
        pass


class Talk:
    @hub.on(NAME)
    def fourth(self):
        pass


hub.on_event("message", first)
hub.on_event("left", first)
hub.emit("message")
"""
OTHER = b'@hub.on("message")\ndef elsewhere(data):\n    pass\n' * 6


def test_listeners_are_found_wherever_they_stand() -> None:
    found = list(listeners(Source({"app.py": APP, "a.py": OTHER})))
    told = [(one.line, one.event, one.function.name, one.brackets, one.inside) for one in found[:6]]
    assert sorted(told) == [
        (7, "message", "first", True, None),
        (12, "message", "second", True, None),
        (13, "connect", "second", True, None),
        (18, None, "bare", False, None),
        (24, "made", "third", True, "make"),
        (30, None, "fourth", True, None),
    ]
    assert [one.file for one in found] == ["app.py"] * 6 + ["a.py"] * 6


def test_lines_are_of_the_script_itself() -> None:
    source = Source({"app.py": APP, "a.py": OTHER})
    assert line_in_entry(source, "message") == 12
    assert line_in_entry(source, "nothing") is None
    assert line_inside(source, "message", "second", "first") == 8
    assert line_inside(source, "message", "nowhere", "print(") == 9
    assert line_inside(source, "connect", "first") is None


def test_a_handler_elsewhere_lends_its_line_to_no_event() -> None:
    elsewhere = b'\n\n@hub.on("message")\ndef heard(data):\n    pass\n'
    here = b'\n\n@hub.on("connect")\ndef came():\n    pass\n'
    source = Source({"app.py": here, "a.py": elsewhere})
    assert line_in_entry(source, "message") is None


def test_ties_are_marks_and_calls_at_the_left_edge() -> None:
    source = Source({"app.py": APP, "a.py": OTHER})
    assert list(ties(source, "message")) == [("hub", 7), ("hub", 35)]
    assert list(ties(source, "made")) == []


def test_socketio_objects_are_those_that_have_an_app() -> None:
    assert list(socketio_objects(Source({"app.py": APP}))) == [("hub", 3)]


def test_a_broken_script_has_no_handlers() -> None:
    source = Source({"app.py": b"def ("})
    assert list(listeners(source)) == []
    assert list(ties(source, "message")) == []
    assert list(socketio_objects(source)) == []
    assert line_in_entry(source, "message") is line_inside(source, "message", "x") is None


def test_functions_in_functions_are_read_once() -> None:
    nested = "".join(f"{' ' * depth}def f{depth}():\n" for depth in range(45))
    body = f"{' ' * 45}a = 1\n" * 3_500 + f"{' ' * 45}@hub.on('x')\n{' ' * 45}def g(): pass\n"
    source = Source({"app.py": (nested + body).encode()})
    began = time.process_time()
    found = [(one.event, one.inside) for one in listeners(source)]
    assert time.process_time() - began < 5
    assert found == [("x", "f44")]


def test_handlers_in_handlers_are_looked_through_once() -> None:
    nested = "".join(f"{' ' * n}@hub.on('x')\n{' ' * n}def f{n}():\n" for n in range(95))
    source = Source({"app.py": (nested + "\n" * 180_000 + " " * 96 + "here\n").encode()})
    began = time.process_time()
    assert line_inside(source, "x", "nowhere") is None
    assert line_inside(source, "x", "here") == 180_191
    assert time.process_time() - began < 5
