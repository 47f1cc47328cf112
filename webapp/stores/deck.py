"""Questions on a spaced schedule: which are due, and when each comes back."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cached_property
from typing import Any, cast

import fsrs

from checker.lesson import Course, Question
from webapp.stores.cards import Card, Cards, Key, Review
from webapp.stores.progress import Progress
from webapp.stores.store import Store

DAY = 24 * 3600.0
MOST_A_DAY = 30
"""Answers in one day; what is left waits for the next."""
NEW_A_DAY = 12
"""Questions that are asked for the first time in one day."""

SCHEDULER = fsrs.Scheduler(
    learning_steps=(timedelta(minutes=10),),
    relearning_steps=(timedelta(minutes=10),),
    maximum_interval=365,
    enable_fuzzing=False,
)


class Grade(IntEnum):
    """How well a question was answered; the numbers are those of `fsrs.Rating`."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson or a page, as a source of questions."""

    slug: str
    title: str
    questions: tuple[Question, ...]
    lesson: bool


@dataclass(frozen=True, slots=True)
class Hand:
    """What a learner may answer now: ``card`` is the first of those ``waiting``.

    If there is none, ``again_at`` says when there will be one, in seconds since 1970, and
    ``later`` how many are due already and wait for tomorrow, because today's share is done.
    """

    card: Card | None
    waiting: int
    again_at: float | None
    later: int
    done_today: int
    cards: int


class Deck:
    """All learners' cards, over the questions of one course."""

    def __init__(self, course: Course, progress: Progress, store: Store) -> None:
        self._course, self._progress, self._store = course, progress, store
        self.cards = Cards(store)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Where questions come from, in the order of the course."""
        course = self._course
        lessons = (Place(each.slug, each.title, each.questions, True) for each in course.lessons)
        pages = (Place(each.slug, each.title, each.questions, False) for each in course.pages)
        return tuple(place for place in (*lessons, *pages) if place.questions)

    @cached_property
    def _order(self) -> dict[Key, int]:
        """Every question's place in the course."""
        keys = ((place.slug, item.id) for place in self.places for item in place.questions)
        return {key: number for number, key in enumerate(keys)}

    def find(self, key: Key) -> tuple[Place, Question] | None:
        """Return a question and its place, if the course still has it."""
        for place in self.places:
            for question in place.questions:
                if (place.slug, question.id) == key:
                    return place, question
        return None

    def gather(self, learner: int) -> None:
        """Make cards of what the learner has answered in its place, or solved.

        What was answered rightly comes back a day after that; all else can be asked at once.
        """
        answered = self.cards.answered(learner)
        states = self._progress.standing(learner).lessons
        solved = {state.lesson.slug for state in states if state.state == "done"}
        due = {}
        for key in self._order:
            right, at = answered.get(key, (False, self._store.clock()))
            if key in answered or key[0] in solved:
                due[key] = at + DAY if right else at
        self.cards.enter(learner, due)

    def add(self, learner: int, slug: str) -> None:
        """Make cards of all questions of a lesson or page that the learner has read."""
        now = self._store.clock()
        self.cards.enter(learner, {key: now for key in self._order if key[0] == slug})

    def unread(self, learner: int | None) -> list[Place]:
        """Return the places of which some questions are no cards yet."""
        known = {card.key for card in self.cards.all(learner)} if learner is not None else set()
        return [
            place
            for place in self.places
            if any((place.slug, question.id) not in known for question in place.questions)
        ]

    def hand(self, learner: int) -> Hand:
        """Say what the learner may answer now."""
        now = self._store.clock()
        cards = [card for card in self.cards.all(learner) if card.key in self._order]
        today = self.cards.reviews_since(learner, _midnight(now))
        room = max(0, MOST_A_DAY - len(today))
        begun = {review.key for review in today if review.before.memory is None}
        new_room = max(0, NEW_A_DAY - len(begun))
        due = [card for card in cards if card.due <= now]
        old = [card for card in due if card.memory is not None]
        new = sorted((c for c in due if c.memory is None), key=lambda card: self._order[card.key])
        share = [*old, *new[:new_room]][:room]
        return Hand(
            card=next(iter(share), None),
            waiting=len(share),
            again_at=None if share else _again(cards, now, room),
            later=0 if share else len(due),
            done_today=len(today),
            cards=len(cards),
        )

    def due(self, learner: int) -> int:
        """Return how many questions wait for the learner now, of today's share."""
        now = self._store.clock()
        waiting = self.cards.waiting(learner, now, _midnight(now))
        old = sum(key in self._order for key in waiting.old)
        new = sum(key in self._order for key in waiting.new)
        share = old + min(new, max(0, NEW_A_DAY - waiting.begun))
        return min(share, max(0, MOST_A_DAY - waiting.answered))

    def order(self, learner: int, key: Key, last: int) -> list[int]:
        """Return the choices of a question in the order in which to show them this time."""
        found = self.find(key)
        numbers = list(range(len(found[1].choices))) if found else []
        if found and found[1].kind != "myth":
            random.Random(f"{learner} {key} {last}").shuffle(numbers)
        return numbers

    def answer(self, learner: int, key: Key, choice: int, last: int) -> bool:
        """Take an answer to the card in front; False if it is not in front (any more)."""
        card, found = self.hand(learner).card, self.find(key)
        if card is None or found is None or card.key != key or choice >= len(found[1].choices):
            return False
        grade = Grade.GOOD if found[1].choices[choice].right else Grade.AGAIN
        after = graded(card, grade, self._store.clock())
        return self.cards.add_review(learner, card, after, choice, grade, last)

    def regrade(self, learner: int, review: Review, grade: Grade) -> bool:
        """Say of a right answer how hard it was; False if that cannot be said any more."""
        if Grade.AGAIN in (grade, review.grade):
            return False
        after = graded(review.before, grade, review.at)
        return self.cards.regrade(learner, review, after, grade)


def graded(card: Card, grade: Grade, now: float) -> Card:
    """Return the card as it is after an answer of this grade, given at ``now``."""
    memory = fsrs.Card.from_dict(cast("Any", card.memory)) if card.memory else fsrs.Card(card_id=0)
    after, _ = SCHEDULER.review_card(memory, fsrs.Rating(int(grade)), _utc(now))
    kept: Mapping[str, Any] = dict(after.to_dict())
    return replace(card, due=after.due.timestamp(), memory=kept)


def _again(cards: list[Card], now: float, room: int) -> float | None:
    """Return when there is something to answer again: not before tomorrow if today is full."""
    tomorrow = _midnight(_midnight(now) + 1.5 * DAY)
    times = [card.due if card.due > now else tomorrow for card in cards]
    if not times:
        return None
    return min(times) if room else max(min(times), tomorrow)


def _utc(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)


def _midnight(now: float) -> float:
    """Return when the day of ``now`` began, on this machine's clock."""
    here = datetime.fromtimestamp(now).astimezone()
    return here.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
