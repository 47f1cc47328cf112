"""The page of Recall: asked, answered, explained, graded, and taken back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.conftest import MakeSite
from tests.webapp.recall.conftest import MINUTE, RIGHT, WRONG, Clock
from tests.webapp.site import BYE, GREETING, HELLO, Wire, post, rooms_of, visitor
from webapp.modes.recall import _length
from webapp.stores import deck as decks
from webapp.stores.deck import DAY


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "1 minute"),
        (600, "10 minutes"),
        (3500, "1 hour"),
        (7 * 3600, "7 hours"),
        (DAY - 60, "1 day"),
        (12.4 * DAY, "12 days"),
    ],
)
def test_a_time_from_now_in_words(seconds: float, words: str) -> None:
    assert _length(seconds) == words


@pytest.fixture
def ticking(site: Flask) -> Clock:
    rooms_of(site).store.clock = clock = Clock()
    return clock


def _hidden(page: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="(place|question|last)" value="([^"]*)">', page)
    return dict(fields[:3])


def recall(client: FlaskClient, choice: int) -> str:
    """Answer the question on the page; return the page with the explanation."""
    fields = _hidden(client.get("/recall/").text)
    answered = post(client, "/recall/answers/", choice=choice, **fields)
    assert answered.status_code == 303
    return client.get(answered.headers["Location"]).text


def test_a_newcomer_is_told_how_questions_come_here(client: FlaskClient) -> None:
    page = client.get("/recall/").text
    assert "Nothing to recall yet" in page
    assert 'name="place" value="01-greeting"' in page
    assert 'class="due"' not in page


def test_answer_explain_grade_and_next(client: FlaskClient, ticking: Clock) -> None:
    post(client, "/recall/places/", place=GREETING)
    page = client.get("/recall/").text
    assert "What does this program print?" in page
    assert "There is <em>no</em> space." not in page
    assert 'class="due">2<' in client.get("/").text
    page = recall(client, WRONG)
    assert "There is <em>no</em> space." in page
    assert "Nothing is between them." in page
    assert "Both parts are printed." in page
    assert "back in 10 minutes" in page
    assert "It was hard <span" not in page
    review = re.search(r'name="review" value="(\d+)"', page)
    assert review
    post(client, "/recall/grades/", review=review[1], grade=1)
    assert "What is a route?" in client.get("/recall/").text
    page = recall(client, RIGHT)
    assert "That is so." in page
    backs = re.findall(r"back in (\d+ \w+)", page)
    assert len(set(backs)) == 3
    post(client, "/recall/grades/", review=int(review[1]) + 1, grade=4)
    ticking.now += 11 * MINUTE
    assert "What does this program print?" in client.get("/recall/").text


def test_nothing_is_due_says_when(client: FlaskClient, ticking: Clock) -> None:
    post(client, "/recall/places/", place="02-echo")
    recall(client, WRONG)
    page = client.get("/recall/").text
    assert "Nothing is due now" in page
    assert re.search(r'Until then, something new: <a href="/[^"]+">', page)
    assert "The next question is due in 10 minutes." in page
    assert 'class="due"' not in client.get("/").text
    ticking.now += 10 * MINUTE
    assert "One question is due to be recalled" in client.get("/").text


def test_enough_for_today_says_so(
    client: FlaskClient, ticking: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decks, "NEW_A_DAY", 1)
    post(client, "/recall/places/", place=GREETING)
    recall(client, RIGHT)
    page = client.get("/recall/").text
    assert "Enough for today" in page
    assert "1 more question waits for tomorrow" in page
    assert "The next question is due in 12 hours." in page


def test_undo_asks_the_question_again(client: FlaskClient, ticking: Clock) -> None:
    post(client, "/recall/places/", place="02-echo")
    recall(client, WRONG)
    page = client.get("/recall/").text
    review = re.search(r'name="review" value="(\d+)"', page)
    assert review
    post(client, "/recall/undo/", review=review[1])
    page = client.get("/recall/").text
    assert "Does it answer?" in page
    assert "Take my last answer back" not in page


def test_the_schedule_survives_a_restart(
    make_site: MakeSite, client: FlaskClient, ticking: Clock
) -> None:
    post(client, "/recall/places/", place="02-echo")
    recall(client, WRONG)
    again = make_site()
    rooms_of(again).store.clock = ticking
    other = again.test_client()
    cookie = client.get_cookie("learner")
    assert cookie is not None
    other.set_cookie("learner", cookie.value)
    assert "The next question is due in 10 minutes." in other.get("/recall/").text


def test_a_solved_lesson_is_recalled(site: Flask, client: FlaskClient, wire: Wire) -> None:
    wire.save("app.py", HELLO + BYE, wire.open()["files"]["app.py"]["seal"])
    wire.check()
    assert "2 questions are due to be recalled" in client.get("/").text
    assert "due to be recalled" not in visitor(site).get("/").text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"choice": 0},
        {"choice": -1, "last": 0, "place": GREETING, "question": "first"},
        {"choice": 0, "last": 0, "place": GREETING, "question": "unplaced"},
        {"choice": 0, "last": 7, "place": GREETING, "question": "first"},
        {"choice": "x", "last": "y", "place": "none", "question": "none"},
    ],
)
def test_an_odd_answer_changes_nothing(client: FlaskClient, form: dict[str, object]) -> None:
    post(client, "/recall/places/", place=GREETING)
    assert post(client, "/recall/answers/", **form).headers["Location"] == "/recall/"
    assert "0 answered today" in client.get("/recall/").text


def test_odd_grades_undos_and_places(client: FlaskClient) -> None:
    for form in ({}, {"review": 9, "grade": 3}, {"review": "x", "grade": "y"}):
        assert post(client, "/recall/grades/", **form).status_code == 303
        assert post(client, "/recall/undo/", **form).status_code == 303
    assert post(client, "/recall/places/", place="nowhere").status_code == 404
    assert client.get("/recall/?answered=9").status_code == 200
