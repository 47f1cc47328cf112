"""Recall: what comes back, when, and what an answer changes, by a clock of the tests' own."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checker.lesson import Course, load_course
from tests.webapp.conftest import MakeSite
from tests.webapp.site import BYE, GREETING, HELLO, Wire, post, rooms_of, visitor
from webapp import deck as decks
from webapp.deck import DAY, Deck, Grade, graded
from webapp.modes.recall import _length
from webapp.progress import Progress
from webapp.store import Store
from webapp.stores.cards import Card

NOON = datetime(2026, 3, 2, 12).timestamp()
FIRST, UNPLACED = (GREETING, "first"), (GREETING, "unplaced")
RIGHT, WRONG = 0, 1
MINUTE = 60.0


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def course(course: Course) -> Course:
    """The small course, with this mode in its bar."""
    with (course.root / "course.toml").open("a") as file:
        file.write('[[mode]]\nname = "Recall"\nslug = "recall"\nsummary = "Again."\n')
    return load_course(course.root)


@pytest.fixture
def clock(store: Store) -> Clock:
    store.clock = clock = Clock()
    return clock


@pytest.fixture
def deck(course: Course, store: Store, clock: Clock) -> Deck:
    return Deck(course, Progress(course, store), store)


@pytest.fixture
def learner(store: Store) -> int:
    return store.admit_learner("t" * 43)


def answer(deck: Deck, learner: int, choice: int) -> Card:
    """Answer the question in front; return its card as it is then."""
    card = deck.hand(learner).card
    assert card is not None
    last = deck.cards.last_review(learner)
    assert deck.answer(learner, card.key, choice, last.id if last else 0)
    return next(each for each in deck.cards.all(learner) if each.key == card.key)


# ------------------------------------------------------------ the deck


def test_a_question_enters_once_it_is_answered_in_its_place(
    deck: Deck, store: Store, learner: int
) -> None:
    deck.gather(learner)
    assert deck.cards.all(learner) == []
    store.add_answer(learner, *FIRST, WRONG, False)
    store.add_answer(learner, *UNPLACED, RIGHT, True)
    deck.gather(learner)
    due = {card.key: card.due for card in deck.cards.all(learner)}
    assert due == {FIRST: NOON, UNPLACED: NOON + DAY}


def test_a_passed_lesson_brings_all_its_questions(deck: Deck, store: Store, learner: int) -> None:
    store.add_run(learner, GREETING, {"status": "passed", "checks": []}, "seal")
    deck.gather(learner)
    assert {card.key for card in deck.cards.all(learner)} == {FIRST, UNPLACED}
    assert [place.slug for place in deck.unread(learner)] == ["02-echo", "overview"]


def test_gathering_again_changes_no_card(deck: Deck, learner: int, clock: Clock) -> None:
    deck.add(learner, GREETING)
    before = answer(deck, learner, RIGHT)
    clock.now += 5 * DAY
    deck.gather(learner)
    deck.add(learner, GREETING)
    assert before in deck.cards.all(learner)


def test_pauses_grow_with_right_answers(deck: Deck, learner: int, clock: Clock) -> None:
    deck.add(learner, "02-echo")
    pauses = []
    for _ in range(5):
        card = answer(deck, learner, RIGHT)
        pauses.append((card.due - clock.now) / DAY)
        assert deck.hand(learner).card is None
        clock.now = card.due
    assert pauses == sorted(set(pauses))
    assert pauses[0] >= 1
    assert pauses[-1] > 30


def test_a_wrong_answer_comes_back_within_minutes(deck: Deck, learner: int, clock: Clock) -> None:
    deck.add(learner, "02-echo")
    card = answer(deck, learner, WRONG)
    assert card.due == NOON + 10 * MINUTE
    hand = deck.hand(learner)
    assert (hand.card, hand.again_at) == (None, card.due)
    clock.now = card.due
    assert deck.hand(learner).card == card
    clock.now = answer(deck, learner, RIGHT).due
    assert clock.now > NOON + DAY / 2
    assert answer(deck, learner, WRONG).due == clock.now + 10 * MINUTE


def test_nothing_is_asked_before_its_time(deck: Deck, learner: int, clock: Clock) -> None:
    deck.add(learner, GREETING)
    first, second = answer(deck, learner, WRONG), answer(deck, learner, WRONG)
    hand = deck.hand(learner)
    assert (hand.card, hand.again_at) == (None, first.due)
    clock.now = first.due
    assert deck.hand(learner).card == first
    assert answer(deck, learner, RIGHT).key == first.key
    assert deck.hand(learner).card == second


def test_hard_and_obvious_move_the_next_time(deck: Deck, learner: int, clock: Clock) -> None:
    deck.add(learner, "02-echo")
    clock.now = answer(deck, learner, RIGHT).due
    good = answer(deck, learner, RIGHT).due
    review = deck.cards.last_review(learner)
    assert review is not None
    due = {}
    for grade in (Grade.HARD, Grade.EASY, Grade.GOOD):
        assert deck.regrade(learner, review, grade)
        due[grade] = deck.cards.all(learner)[0].due
    assert due[Grade.HARD] < due[Grade.GOOD] < due[Grade.EASY]
    assert due[Grade.GOOD] == good
    assert not deck.regrade(learner, review, Grade.AGAIN)


def test_a_wrong_answer_cannot_be_called_good(deck: Deck, learner: int) -> None:
    deck.add(learner, "02-echo")
    wrong = answer(deck, learner, WRONG)
    review = deck.cards.last_review(learner)
    assert review is not None
    assert not deck.regrade(learner, review, Grade.EASY)
    assert deck.cards.all(learner) == [wrong]


def test_an_answer_can_be_taken_back(deck: Deck, learner: int) -> None:
    deck.add(learner, GREETING)
    before = deck.cards.all(learner)
    answer(deck, learner, WRONG)
    review = deck.cards.last_review(learner)
    assert review is not None
    assert not deck.cards.undo(learner, review.id + 1)
    assert deck.cards.undo(learner, review.id)
    assert deck.cards.all(learner) == before
    assert deck.cards.last_review(learner) is None
    assert not deck.cards.undo(learner, review.id)


def test_an_answer_sent_twice_counts_once(deck: Deck, learner: int) -> None:
    deck.add(learner, GREETING)
    card = deck.hand(learner).card
    assert card is not None
    assert deck.answer(learner, card.key, WRONG, 0)
    assert not deck.answer(learner, card.key, WRONG, 0)
    other = deck.hand(learner).card
    assert other is not None
    assert not deck.answer(learner, other.key, RIGHT, 0)
    assert not deck.answer(learner, other.key, 9, 1)


def test_a_days_session_is_bounded(
    deck: Deck, learner: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decks, "NEW_A_DAY", 2)
    for place in deck.places:
        deck.add(learner, place.slug)
    assert deck.hand(learner).waiting == deck.due(learner) == 2
    for _ in range(2):
        answer(deck, learner, RIGHT)
    hand = deck.hand(learner)
    tomorrow = datetime(2026, 3, 3).timestamp()
    assert (hand.card, hand.waiting, hand.later, hand.again_at) == (
        None,
        0,
        hand.cards - 2,
        tomorrow,
    )
    assert deck.due(learner) == 0
    clock.now = tomorrow
    assert deck.hand(learner).waiting == deck.due(learner) > 0
    monkeypatch.setattr(decks, "MOST_A_DAY", 1)
    answer(deck, learner, WRONG)
    hand = deck.hand(learner)
    assert (hand.card, hand.again_at) == (None, datetime(2026, 3, 4).timestamp())


def test_what_the_course_no_longer_has_is_left_alone(deck: Deck, learner: int) -> None:
    deck.cards.enter(learner, {("09-gone", "q"): NOON})
    hand = deck.hand(learner)
    assert (hand.card, hand.cards, hand.again_at) == (None, 0, None)
    assert deck.due(learner) == 0
    assert deck.find(("09-gone", "q")) is None


def test_choices_are_shown_in_another_order_each_time(deck: Deck, learner: int) -> None:
    orders = {tuple(deck.order(learner, FIRST, last)) for last in range(20)}
    assert len(orders) > 1
    assert {tuple(sorted(order)) for order in orders} == {(0, 1, 2)}
    assert deck.order(learner, FIRST, 3) == deck.order(learner, FIRST, 3)
    assert deck.order(learner, ("overview", "yes-no"), 3) == [0, 1]


def test_a_grade_is_a_function_of_card_and_time() -> None:
    new = Card(FIRST, NOON, None)
    assert graded(new, Grade.GOOD, NOON) == graded(new, Grade.GOOD, NOON)
    assert graded(new, Grade.GOOD, NOON).memory != graded(new, Grade.EASY, NOON).memory


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


# ------------------------------------------------------------ the page


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
