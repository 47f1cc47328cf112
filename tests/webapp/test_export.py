"""The file of a learner's work as a stranger may have made it: what is wrong is one sentence."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from tests.webapp.site import GREETING, post, rooms_of
from tests.webapp.taking import FIRST, GOOD, changed, lesson, saved, send, text_of
from webapp.yours.export import MOST_BYTES


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "Choose the file that the export gave you"),
        (b"\xff\xfe", "The file is not JSON; choose the file that the export gave you."),
        (b"[" * 100_000, "The file is not JSON; choose the file that the export gave you."),
        ([], "The file is no export of this course; choose the one it gave you."),
        ({"format": "x"}, "The file is no export of this course"),
        (changed(schema=2), "The file has the form 2, and this course reads form 1"),
        (changed(exported="soon"), "exported of the file is no moment: 'soon'."),
        (changed(exported="0001-01-01T00:00:00+00:00"), "lies outside of our time"),
        (changed(lessons=[]), "In the file, lessons must be an object."),
        (changed(lessons={}), "The file has nothing of this course in it: no code and no answers."),
        (changed(lessons={"99-other": {}}), "The file has nothing of this course in it"),
        (changed(lessons={GREETING: 1}), f"In the file, lessons, {GREETING} must be an object."),
        (lesson(started=1), "started of lessons, 01-greeting must be a text."),
        (lesson(files=[]), "files must be an object."),
        (lesson(files={"../x": ""}), "is the name '../x'. A file name may have letters"),
        (lesson(files={"x": 1}), "files, x must be a text."),
        (lesson(files={"x": {"base64": "%"}}), "files, x is not base64."),
        (lesson(files={"x": "\ud800"}), "files, x has characters that cannot be saved."),
        (lesson(files={"x": "a" * 70_000}), "x is larger than 64 kB."),
        (lesson(files={f"f{n}": "" for n in range(21)}), "are more than 20 files."),
        (lesson(tasks={"one": "x"}), "tasks must have the numbers of tasks as names."),
        (lesson(hints={"1": -1}), "hints must be between 0 and 1,000,000."),
        (lesson(passed=True), "passed of lessons, 01-greeting must be a text."),
        (lesson(passed=GOOD["exported"], proof=[]), "proof must be an object."),
        (changed(answers={}), "In the file, answers must be a list."),
        (changed(answers=[1]), "In the file, answers must be an object."),
        (changed(answers=[{}] * 2001), "answers has more than 2000 entries."),
        (changed(versions={"a": 1}), "versions, a must be a text."),
        (
            changed(
                recall=[
                    {"place": GREETING, "question": FIRST, "due": GOOD["exported"], "memory": {}}
                ]
            ),
            "memory of recall is none that can be used.",
        ),
    ],
)
def test_what_cannot_be_read_is_named_in_one_sentence(
    client: FlaskClient, document: Any, said: str
) -> None:
    answer = send(client, document)
    assert answer.status_code == 400
    assert said in text_of(answer.text, "[role=alert]")
    assert LexborHTMLParser(client.get("/yours/").text).css_first("#waiting") is None


def test_a_file_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = send(client, b" " * (MOST_BYTES + 1))
    assert answer.status_code == 400
    assert "The file is larger than 8 MB" in text_of(answer.text)
    huge = send(client, b" " * (MOST_BYTES + 100_000))
    assert huge.status_code == 413
    said = "The file is larger than 8 MB, the most that is read."
    assert text_of(huge.text, "[role=alert]") == said


def test_what_this_course_does_not_have_is_left_out_and_named(
    site: Flask, client: FlaskClient
) -> None:
    answers = [
        {"place": GREETING, "question": FIRST, "choice": 9, "at": GOOD["exported"]},
        {"place": "nowhere", "question": "none", "choice": 0, "at": GOOD["exported"]},
    ]
    lessons = {**lesson(tasks={"1": GOOD["exported"], "77": GOOD["exported"]})["lessons"]}
    lessons["99-other"] = {}
    send(client, changed(lessons=lessons, answers=answers))
    shown = text_of(client.get("/yours/").text, "#waiting")
    assert "This course does not have the lesson 99-other, the answer to first" in shown
    post(client, "/yours/import/replace")
    document = saved(client)
    assert document["lessons"][GREETING]["tasks"].keys() == {"1"}
    assert document["answers"] == []


def test_right_and_wrong_are_decided_here(site: Flask, client: FlaskClient) -> None:
    given = {"place": GREETING, "question": FIRST, "choice": 0, "at": GOOD["exported"]}
    send(client, changed(answers=[given | {"right": True}]))
    post(client, "/yours/import/merge")
    question = rooms_of(site).course.find(GREETING).questions[0]
    answer = rooms_of(site).store.answers(1)[GREETING][question.id]
    assert answer.right == question.choices[0].right
