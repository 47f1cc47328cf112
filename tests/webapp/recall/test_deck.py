"""The deck: what comes back, when, and what an answer changes, by a clock of the tests' own."""

from datetime import datetime

import pytest

from checker.lesson import Course
from tests.webapp.recall.conftest import FIRST, MINUTE, NOON, RIGHT, UNPLACED, WRONG, Clock
from tests.webapp.site import GREETING
from webapp.stores import deck as decks
from webapp.stores.cards import Card
from webapp.stores.deck import DAY, Deck, Grade, graded
from webapp.stores.progress import Progress
from webapp.stores.store import Store


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
