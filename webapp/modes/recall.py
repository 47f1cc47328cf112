"""Recall: the course's questions come back, each when it is about to be forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from checker.lesson import Choice
from webapp import guard
from webapp.reading.steps import next_step
from webapp.rooms import rooms
from webapp.stores.cards import Key, Review
from webapp.stores.deck import DAY, MOST_A_DAY, NEW_A_DAY, Deck, Grade, Place, graded

bp = Blueprint("recall", __name__, url_prefix="/recall")

MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Way:
    """One way on from an answer: its grade, and when the question would come back."""

    grade: Grade
    label: str
    back: str


@bp.get("/")
def index() -> str:
    """The question that is due, or its explanation, or when the next one is due."""
    learner = guard.learner()
    deck = rooms().deck
    if learner is None:
        return render_template("recall.html", unread=deck.unread(None), hand=None, **_bounds())
    deck.gather(learner)
    last = deck.cards.last_review(learner)
    if last is not None and request.args.get("answered") == str(last.id):
        return _explained(deck, learner, last)
    hand = deck.hand(learner)
    number = last.id if last else 0
    found = deck.find(hand.card.key) if hand.card else None
    return render_template(
        "recall.html",
        hand=hand,
        place=found[0] if found else None,
        question=found[1] if found else None,
        order=deck.order(learner, hand.card.key, number) if hand.card else [],
        last=number,
        undo=number if hand.done_today else 0,
        again=_from_now(hand.again_at),
        unread=deck.unread(learner),
        onward=next_step(rooms().progress.standing(learner)) if hand.card is None else None,
        where=_address(found[0]) if found else "",
        **_bounds(),
    )


@bp.post("/answers/")
def answer() -> AnyResponse:
    """Take an answer to the question in front."""
    learner, form = guard.admit(), request.form
    key: Key = (form.get("place", ""), form.get("question", ""))
    choice, last = form.get("choice", type=int), form.get("last", type=int)
    if choice is None or last is None or choice < 0:
        return redirect(url_for(".index"), 303)
    if not rooms().deck.answer(learner, key, choice, last):
        return redirect(url_for(".index"), 303)
    kept = rooms().deck.cards.last_review(learner)
    return redirect(url_for(".index", answered=kept.id if kept else None), 303)


@bp.post("/grades/")
def grade() -> AnyResponse:
    """Go on, having said how hard it was."""
    learner = guard.admit()
    last = rooms().deck.cards.last_review(learner)
    given = request.form.get("grade", type=int)
    if last is not None and str(last.id) == request.form.get("review") and given in list(Grade):
        rooms().deck.regrade(learner, last, Grade(given))
    return redirect(url_for(".index"), 303)


@bp.post("/undo/")
def undo() -> AnyResponse:
    """Take the last answer back."""
    review = request.form.get("review", type=int)
    if review is not None:
        rooms().deck.cards.undo(guard.admit(), review)
    return redirect(url_for(".index"), 303)


@bp.post("/places/")
def add() -> AnyResponse:
    """Ask the questions of a lesson or page that the learner has read."""
    slug = request.form.get("place", "")
    if all(place.slug != slug for place in rooms().deck.places):
        abort(404)
    rooms().deck.add(guard.admit(), slug)
    return redirect(url_for(".index"), 303)


@bp.app_template_global("recall_due")
def due() -> int:
    """Return how many questions wait for the learner who asks; one page asks several times."""
    if "recall_due" not in g:
        learner = guard.learner()
        g.recall_due = rooms().deck.due(learner) if learner is not None else 0
    return int(g.recall_due)


def _explained(deck: Deck, learner: int, review: Review) -> str:
    """Show the verdict on the newest answer, the explanations, and the ways on."""
    found = deck.find(review.key)
    if found is None or review.choice >= len(found[1].choices):
        abort(404)
    place, question = found
    chosen: Choice = question.choices[review.choice]
    return render_template(
        "recall.html",
        hand=deck.hand(learner),
        place=place,
        where=_address(place),
        question=question,
        review=review,
        chosen=chosen,
        ways=_ways(review, chosen.right),
        unread=[],
        **_bounds(),
    )


def _ways(review: Review, right: bool) -> list[Way]:
    labels = {Grade.GOOD: "Next", Grade.HARD: "It was hard", Grade.EASY: "I knew it at once"}
    if not right:
        labels = {Grade.AGAIN: "Next"}
    return [
        Way(grade, label, _length(graded(review.before, grade, review.at).due - review.at))
        for grade, label in labels.items()
    ]


def _bounds() -> dict[str, int]:
    return {"most": MOST_A_DAY, "most_new": NEW_A_DAY}


def _address(place: Place) -> str:
    if place.lesson:
        return url_for("pages.lesson", name=place.slug)
    return url_for("pages.page", slug=place.slug)


def _from_now(at: float | None) -> str:
    return _length(at - rooms().store.clock()) if at is not None else ""


def _length(seconds: float) -> str:
    """Write a time from now in words: minutes, hours or days."""
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        number = round(seconds / size)
        if seconds >= size * 0.95 or size == MINUTE:
            number = max(1, number)
            return f"{number} {name}{'' if number == 1 else 's'}"
    raise AssertionError("minutes catch all")
