"""The Deep mode: the whole story on one page, made of the course's pages and lessons."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias, cast

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from checker.lesson import Course, Page, Question
from webapp import guard
from webapp.modes.quotation import BETWEEN, compose, sources
from webapp.reading.pages import keep_answer
from webapp.reading.prose import Prose
from webapp.rooms import rooms

Asked: TypeAlias = dict[str, tuple[str, Question]]
Story: TypeAlias = tuple[Page, Prose, Asked]
KEY = "deep"

bp = Blueprint("deep", __name__, url_prefix="/deep")


@bp.get("/")
def index() -> str:
    """The whole story, with the questions of every place that it is made of."""
    page, text, asked = _story()
    learner = guard.learner()
    known = rooms().store.answers(learner) if learner is not None else {}
    answers = {
        name: known[place][question.id]
        for name, (place, question) in asked.items()
        if question.id in known.get(place, {})
        and known[place][question.id].choice < len(question.choices)
    }
    again = request.args.get("again")
    return render_template(
        "deep.html", page=page, text=text, asked=asked, answers=answers, again=again
    )


@bp.post("/answers/<place>/<name>")
def answer(place: str, name: str) -> AnyResponse:
    """Take an answer, and come back to this page."""
    keep_answer(place, name)
    return redirect(f"{url_for('deep.index')}#q-{name}", 303)


def _story() -> Story:
    """Return the page, its text and its questions; put together when first asked for."""
    kept = cast("Story | None", current_app.extensions.get(KEY))
    if kept is None:
        course = rooms().course
        page = next((page for page in course.mode_pages if page.slug == "deep"), None)
        if page is None:
            abort(404)
        whole = replace(page, prose=compose(page.prose, sources(course)))
        text = rooms().library.page(whole)
        kept = current_app.extensions[KEY] = (page, text, _questions(course, text.questions))
    return kept


def _questions(course: Course, names: frozenset[str]) -> Asked:
    """Return each composed name's place and question."""
    places = {page.slug: page.questions for page in course.pages}
    places |= {lesson.slug: lesson.questions for lesson in course.lessons}
    found = {}
    for name in names:
        place, _, wanted = name.partition(BETWEEN)
        question = next((q for q in places.get(place, ()) if q.id == wanted), None)
        if question is not None:
            found[name] = (place, question)
    return found
