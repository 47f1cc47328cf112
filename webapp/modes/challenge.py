"""Challenge: broken apps to mend, and outputs to predict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from checker.lesson import Lesson, LessonNotFound, Question
from webapp import guard
from webapp.bench.puzzles import PREFIX, Puzzle
from webapp.reading.pages import bench_settings
from webapp.reading.steps import Step
from webapp.rooms import rooms
from webapp.stores.store import Answer
from webapp.yours.difference import difference

bp = Blueprint("challenge", __name__, url_prefix=f"/{PREFIX}")

MOST_LINES = 60
"""Of what a fault was, beside our app."""


@dataclass(frozen=True, slots=True)
class Alike:
    """The puzzles of one symptom, each with whether it is mended."""

    symptom: str
    puzzles: tuple[tuple[Puzzle, bool], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The puzzles of one lesson."""

    lesson: Lesson
    groups: tuple[Alike, ...]

    @property
    def all(self) -> int:
        """How many there are."""
        return sum(len(group.puzzles) for group in self.groups)

    @property
    def mended(self) -> int:
        """How many of them are mended."""
        return sum(done for group in self.groups for _, done in group.puzzles)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question for an output, where it stands in the course, and the newest answer."""

    place: str
    title: str
    url: str
    question: Question
    answer: Answer | None


@bp.get("/")
def index() -> str:
    """All challenges, with what is done."""
    solved = _solved(guard.learner())
    predictions = _predictions(guard.learner())
    return render_template(
        "challenge.html",
        shelves=_shelves(solved),
        first=_first(solved),
        mended=len(solved),
        all=len(rooms().works.puzzles),
        predictions=predictions,
        predicted=sum(each.answer is not None for each in predictions),
        next_prediction=next((each for each in predictions if each.answer is None), None),
    )


@bp.get("/<lesson>/<name>/")
def puzzle(lesson: str, name: str) -> str:
    """One broken app, in the workbench."""
    found = _puzzle(f"{PREFIX}/{lesson}/{name}")
    learner = guard.learner()
    state = rooms().progress.state(learner, found)
    solved = _solved(learner) | {found.slug}
    like, other = _another(found, solved)
    return render_template(
        "puzzle.html",
        lesson=found.origin,
        puzzle=found,
        state=state,
        was=difference(found.starter(), found.solution(), MOST_LINES)
        if state.state == "done"
        else [],
        like=like,
        other=other,
        bench=bench_settings(
            found,
            _step(like or other),
            reading=url_for("pages.lesson", name=found.origin.slug),
            folded=True,
        ),
    )


@bp.get("/outputs/<place>/<name>/")
def prediction(place: str, name: str) -> str:
    """One program, and the question what it does."""
    predictions = _predictions(guard.learner())
    number = _number(predictions, place, name)
    rest = [*predictions[number + 1 :], *predictions[:number]]
    return render_template(
        "prediction.html",
        here=predictions[number],
        number=number + 1,
        all=len(predictions),
        again=request.args.get("again") == name,
        next=next((each for each in rest if each.answer is None), None),
    )


@bp.post("/outputs/<place>/<name>/")
def predict(place: str, name: str) -> AnyResponse:
    """Take an answer; the page then has its explanation."""
    predictions = _predictions(None)
    question = predictions[_number(predictions, place, name)].question
    choice = request.form.get("choice", type=int)
    if choice is not None and 0 <= choice < len(question.choices):
        right = question.choices[choice].right
        rooms().store.add_answer(guard.admit(), place, name, choice, right)
    return redirect(f"{url_for('.prediction', place=place, name=name)}#q-{name}", 303)


def _puzzle(slug: str) -> Puzzle:
    try:
        found = rooms().works.find(slug)
    except LessonNotFound as error:
        abort(404, str(error))
    if not isinstance(found, Puzzle):
        abort(404)
    return found


def _solved(learner: int | None) -> frozenset[str]:
    """Return the slugs of all mended puzzles."""
    reached = rooms().store.reached(learner) if learner is not None else {}
    puzzles = {puzzle.slug for puzzle in rooms().works.puzzles}
    return frozenset(
        slug for slug, how in reached.items() if slug in puzzles and how.passed is not None
    )


def _shelves(solved: frozenset[str]) -> list[Shelf]:
    shelves = []
    for slug, items in groupby(rooms().works.puzzles, key=lambda each: each.origin.slug):
        groups = tuple(
            Alike(symptom, tuple((each, each.slug in solved) for each in alike))
            for symptom, alike in groupby(items, key=lambda each: each.symptom)
        )
        shelves.append(Shelf(rooms().course.find(slug), groups))
    return shelves


def _first(solved: frozenset[str]) -> Puzzle | None:
    """Return a puzzle to begin with: from the newest lesson passed, else from the first.

    Its fault is in the program if one is left there: that is what people come for.
    """
    left = [puzzle for puzzle in rooms().works.puzzles if puzzle.slug not in solved]
    states = rooms().progress.standing(guard.learner()).lessons
    passed = [state.lesson.slug for state in states if state.state == "done"]
    known = [puzzle for puzzle in left if puzzle.origin.slug in passed[-1:]]
    near = [puzzle for puzzle in known or left if puzzle.origin == (known or left)[0].origin]
    return min(near, key=lambda puzzle: not _is_in_program(puzzle), default=None)


def _is_in_program(puzzle: Puzzle) -> bool:
    return puzzle.starter().get("app.py") != puzzle.solution().get("app.py")


def _another(here: Puzzle, solved: frozenset[str]) -> tuple[Puzzle | None, Puzzle | None]:
    """Return the next puzzle with the same symptom, and the next with another."""
    puzzles = rooms().works.puzzles
    place = puzzles.index(here)
    left = [each for each in (*puzzles[place:], *puzzles[:place]) if each.slug not in solved]
    alike = [each for each in left if _kind(each) == _kind(here)]
    others = [each for each in left if _kind(each) != _kind(here)]
    return next(iter(alike), None), next(iter(others), None)


def _kind(puzzle: Puzzle) -> tuple[str, str]:
    return puzzle.origin.slug, puzzle.symptom


def _step(puzzle: Puzzle | None) -> Step | None:
    return Step("another broken app", address(puzzle)) if puzzle else None


@bp.app_template_global("puzzle_url")
def address(puzzle: Puzzle) -> str:
    """Return the address of a puzzle's page."""
    return url_for("challenge.puzzle", lesson=puzzle.origin.slug, name=puzzle.name)


def _predictions(learner: int | None) -> list[Prediction]:
    """Return the questions to predict, in the order of the course: lessons, then pages."""
    course = rooms().course
    answers = rooms().store.answers(learner) if learner is not None else {}
    places: list[tuple[str, str, str, Sequence[Question]]] = [
        *(
            (each.slug, each.title, url_for("pages.lesson", name=each.slug), each.questions)
            for each in course.lessons
        ),
        *(
            (each.slug, each.title, url_for("pages.page", slug=each.slug), each.questions)
            for each in course.pages
        ),
    ]
    return [
        Prediction(slug, title, url, question, _fitting(answers.get(slug, {}), question))
        for slug, title, url, questions in places
        for question in questions
        if question.kind == "predict" or question.program
    ]


def _fitting(answers: dict[str, Answer], question: Question) -> Answer | None:
    answer = answers.get(question.id)
    return answer if answer is not None and answer.choice < len(question.choices) else None


def _number(predictions: Sequence[Prediction], place: str, name: str) -> int:
    for number, each in enumerate(predictions):
        if (each.place, each.question.id) == (place, name):
            return number
    abort(404)
