"""What the editor's margin says of a file before it runs."""

from collections.abc import Mapping

import pytest

from checker.lesson import Lesson, load_course
from webapp.faults import MOST, MOST_CHARACTERS, faults

HEAD = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("print('a'\nprint('b')\n", 1, "Python cannot read this line: '(' was never closed."),
        (
            HEAD + "\n\nemit('x')\n",
            5,
            "`emit` has no value here. Is it spelled as where it is made? Is an import missing?",
        ),
        (
            "n = 0\ndef up():\n    n += 1\n",
            3,
            "`n` is used here before this function gives it a value.",
        ),
        ("return 'Hello'\n", 1, "This `return` stands in no function. Indent it."),
        ("def f(a, a):\n    return a\n", 1, "Two parameters of this function are called `a`."),
    ],
)
def test_a_fault_names_its_line_and_cause(text: str, line: int, said: str) -> None:
    assert faults("app.py", text) == [{"line": line, "text": said}]


def test_matters_of_taste_are_no_faults() -> None:
    assert faults("app.py", HEAD + "import os, sys\nx = f'no braces'\n") == []
    assert faults("app.py", "from flask_socketio import *\nemit('x')\n") == []


def test_what_is_no_python_or_too_long_is_left_alone() -> None:
    assert faults("notes.txt", "return )") == []
    assert faults("templates/index.html", "</p>") == []
    assert faults("app.py", "x" * (MOST_CHARACTERS + 1)) == []


def test_a_few_faults_are_told_and_hostile_sources_are_survived() -> None:
    assert [fault["line"] for fault in faults("app.py", "a\nb\nc\nd\ne\nf\ng\n")] == [1, 2, 3, 4, 5]
    assert MOST == 5
    for hostile in ("(" * 9_000, "-" * 15_000 + "1", "\0", "\ud800", "a" + ".b" * 9_000):
        assert len(faults("app.py", hostile)) <= MOST


LESSONS = load_course().lessons


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.slug for lesson in LESSONS])
def test_no_correct_app_of_the_course_has_faults(lesson: Lesson) -> None:
    apps: dict[str, Mapping[str, bytes]] = {
        "starter": lesson.starter(),
        "solution": lesson.solution(),
    }
    apps |= {variant.name: variant.files for variant in lesson.accepted()}
    for name, files in apps.items():
        for path, data in files.items():
            assert faults(path, data.decode("utf-8", "replace")) == [], (name, path)
