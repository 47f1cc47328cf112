"""What the source says is read without running it."""

import ast

import pytest

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


HUGE = f"0x{'f' * 5_000}"
"""An integer that Python refuses to write out in decimal digits."""


def test_numbers_that_cannot_be_written_out_are_harmless() -> None:
    source = Source({"app.py": f"f([{HUGE}, -{HUGE}], x={HUGE})\ng(2 ** 8, 0xff)\n".encode()})
    tree = source.tree()
    assert tree is not None
    assert ast.unparse(tree) == "f([0, -0], x=0)\ng(2 ** 8, 255)"
    (call,) = source.calls("f")
    assert constant(call.args[0]) == [0, 0]
    assert constant(ast.parse(f"{{'a': [{HUGE}]}}", mode="eval").body) is None
    assert constant(ast.parse(HUGE, mode="eval").body) is None


@pytest.mark.parametrize(
    "head",
    [
        "# coding: unicode_escape",
        "# -*- coding: utf-7 -*-",
        "\r# coding=utf-16",
        "#!/usr/bin/python\r\n# vim: set fileencoding=utf_7 :",
        f"# {'x' * 5_000}\n# coding: utf-7",
        "# coding: raw-unicode-escape",
        "# coding: rot13",
        "# coding: PunyCode",
    ],
)
def test_a_file_whose_lines_are_not_those_of_its_bytes_is_text_only(head: str) -> None:
    source = Source({"app.py": f"{head}\nf(1)\n".encode()})
    assert source.tree() is None
    assert "f(1)" in source.text()


@pytest.mark.parametrize(
    "head",
    [
        *("# coding: utf-8", "# -*- coding: UTF8 -*-", "# coding: utf-8-unix", "# coding=ascii"),
        *("# coding: latin-1", "# coding: iso-8859-15", "# coding: cp1252", "# windows-1251"),
        'open("x", encoding="utf-16")',
        "# a\n# b\n# coding: utf-7",
    ],
)
def test_a_file_in_a_usual_encoding_is_read(head: str) -> None:
    source = Source({"app.py": f"{head}\nf(1)\n".encode()})
    (call,) = source.calls("f")
    assert call.line == source.line_of("f(1)") == head.count("\n") + 2


def test_lines_are_counted_as_python_counts_them() -> None:
    source = Source({"app.py": b"a = 1\x0c\nb = '\xe2\x80\xa8'\r\nf(1)\r"})
    (call,) = source.calls("f")
    assert call.line == source.line_of("f(1)") == 3


@pytest.mark.parametrize(("left", "right"), [("a+", ""), ("", ".b"), ("(", ",)")])
def test_a_tree_that_cannot_be_written_out_is_none(left: str, right: str) -> None:

    def tree(depth: int) -> ast.Module | None:
        return Source({"app.py": f"f({left * depth}a{right * depth})".encode()}).tree()

    deep, usual = tree(300), tree(50)
    assert deep is None
    assert usual is not None
    assert "f(" in ast.unparse(usual)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\nwhile True:\n    pass\n", 2),
        ("if x:\n    while 1:\n        pass\nwhile True:\n    pass\n", 2),
        ("while True:\n    if x:\n        break\n", None),
        ("while x:\n    pass\n", None),
        ("def f():\n    while True:\n        pass\n", None),
        ("def (:\n", None),
    ],
)
def test_a_loop_without_an_end_is_found_where_loading_meets_it(text: str, line: int | None) -> None:
    assert Source({"app.py": text.encode()}).endless_line() == line
