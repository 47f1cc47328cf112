"""The questions that come back to learners, and every answer that they gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session

from webapp.stores.store import Store
from webapp.stores.tables import AnswerRow, CardRow, ReviewRow

Key = tuple[str, str]
"""A place (the slug of a lesson or page) and the name of a question there."""


@dataclass(frozen=True, slots=True)
class Card:
    """A question on its way back; ``due`` is seconds since 1970, ``memory`` the scheduler's."""

    key: Key
    due: float
    memory: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Review:
    """One answer to a card; ``before`` is the card as it was."""

    id: int
    key: Key
    choice: int
    grade: int
    before: Card
    at: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """The questions that are due, and how many were answered, and begun, since some time."""

    old: tuple[Key, ...]
    new: tuple[Key, ...]
    answered: int
    begun: int


class Cards:
    """The cards of all learners."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def enter(self, learner: int, due: Mapping[Key, float]) -> None:
        """Make a new card, due then, of each question that is none yet."""
        known = {card.key for card in self.all(learner)}
        if not due.keys() - known:
            return
        with self._store.writing() as session:
            for (place, question), at in due.items():
                if session.get(CardRow, (learner, place, question)) is None:
                    row = CardRow(learner=learner, place=place, question=question, due=at)
                    row.memory = None
                    session.add(row)

    def all(self, learner: int) -> list[Card]:
        """Return a learner's cards, those due first in front."""
        mine = select(CardRow).where(CardRow.learner == learner).order_by(CardRow.due)
        with self._store.reading() as session:
            return [Card((r.place, r.question), r.due, r.memory) for r in session.scalars(mine)]

    def answered(self, learner: int) -> dict[Key, tuple[bool, float]]:
        """Return, for each question answered in its own place: whether rightly, and when."""
        newest = (
            select(func.max(AnswerRow.id))
            .where(AnswerRow.learner == learner)
            .group_by(AnswerRow.place, AnswerRow.question)
        )
        with self._store.reading() as session:
            rows = session.scalars(select(AnswerRow).where(AnswerRow.id.in_(newest)))
            return {(row.place, row.question): (row.right, row.at) for row in rows}

    def last_review(self, learner: int) -> Review | None:
        """Return the newest answer."""
        with self._store.reading() as session:
            row = _last(session, learner)
            return _review(row) if row else None

    def reviews_since(self, learner: int, at: float) -> list[Review]:
        """Return the answers given since then, oldest first."""
        mine = (ReviewRow.learner == learner, ReviewRow.at >= at)
        with self._store.reading() as session:
            rows = session.scalars(select(ReviewRow).where(*mine).order_by(ReviewRow.id))
            return [_review(row) for row in rows]

    def add_review(
        self, learner: int, before: Card, after: Card, choice: int, grade: int, last: int
    ) -> bool:
        """Keep an answer, and the card that it makes.

        Returns False, and keeps nothing, if ``last`` is not the newest answer any more.
        """
        with self._store.writing() as session:
            newest = _last(session, learner)
            card = session.get(CardRow, (learner, *before.key))
            if (newest.id if newest else 0) != last or card is None:
                return False
            place, question = before.key
            row = ReviewRow(learner=learner, place=place, question=question)
            row.choice, row.grade, row.at = choice, grade, self._store.clock()
            row.due_before, row.memory_before = before.due, _plain(before.memory)
            session.add(row)
            card.due, card.memory = after.due, _plain(after.memory)
            return True

    def regrade(self, learner: int, review: Review, after: Card, grade: int) -> bool:
        """Give the newest answer another grade; False if it is not the newest any more."""
        with self._store.writing() as session:
            row, card = _last(session, learner), session.get(CardRow, (learner, *review.key))
            if row is None or row.id != review.id or card is None:
                return False
            row.grade = grade
            card.due, card.memory = after.due, _plain(after.memory)
            return True

    def undo(self, learner: int, review: int) -> bool:
        """Take the newest answer back; False if it is not the newest any more."""
        with self._store.writing() as session:
            row = _last(session, learner)
            card = session.get(CardRow, (learner, row.place, row.question)) if row else None
            if row is None or row.id != review or card is None:
                return False
            card.due, card.memory = row.due_before, row.memory_before
            session.delete(row)
            return True

    def waiting(self, learner: int, now: float, since: float) -> Waiting:
        """Say what is due ``now``, and what was done ``since``: quickly, for every page."""
        due = (CardRow.learner == learner, CardRow.due <= now)
        done = (ReviewRow.learner == learner, ReviewRow.at >= since)
        with self._store.reading() as session:
            new = CardRow.memory.is_(null())
            rows = session.execute(select(CardRow.place, CardRow.question, new).where(*due)).all()
            if not rows:
                return Waiting((), (), 0, 0)
            first = ReviewRow.memory_before.is_(null())
            reviews = select(ReviewRow.place, ReviewRow.question, first).where(*done)
            today = session.execute(reviews).all()
        return Waiting(
            old=tuple((place, question) for place, question, is_new in rows if not is_new),
            new=tuple((place, question) for place, question, is_new in rows if is_new),
            answered=len(today),
            begun=len({(place, question) for place, question, is_first in today if is_first}),
        )


def _last(session: Session, learner: int) -> ReviewRow | None:
    mine = select(ReviewRow).where(ReviewRow.learner == learner)
    return session.scalars(mine.order_by(ReviewRow.id.desc()).limit(1)).first()


def _review(row: ReviewRow) -> Review:
    key = (row.place, row.question)
    before = Card(key, row.due_before, row.memory_before)
    return Review(row.id, key, row.choice, row.grade, before, row.at)


def _plain(memory: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if memory is None else dict(memory)
