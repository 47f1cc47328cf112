"""The routes: what can be read, and the forms that work without a script."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from checker.lesson import Lesson, LessonNotFound, Page, Question
from webapp import assets, guard
from webapp.reading.prose import code, inline
from webapp.reading.steps import READ_FIRST, Step, modes, neighbours, next_step
from webapp.rooms import rooms

pages = Blueprint("pages", __name__)

pages.add_app_template_global(code)
pages.add_app_template_global(inline)

THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@pages.get("/")
def contents() -> str:
    """The contents page, with the learner's progress."""
    learner = guard.learner()
    standing = rooms().progress.standing(learner)
    if learner is not None:
        rooms().deck.gather(learner)
    return render_template(
        "contents.html",
        standing=standing,
        next=next_step(standing),
        pages_before=[item for item in standing.pages if item.page.slug in READ_FIRST],
        pages_after=[item for item in standing.pages if item.page.slug not in READ_FIRST],
    )


@pages.get("/lessons/<name>/")
def lesson(name: str) -> str | AnyResponse:
    """A lesson: its text, and the workbench."""
    found = _lesson(name)
    if name != found.slug:
        return redirect(url_for("pages.lesson", name=found.slug))
    learner = guard.learner()
    text = rooms().library.lesson(found)
    before, after = neighbours(url_for("pages.lesson", name=found.slug))
    return render_template(
        "lesson.html",
        lesson=found,
        text=text,
        state=rooms().progress.standing(learner).of(found),
        unplaced=[question for question in found.questions if question.id not in text.questions],
        hints=shown_hints(found, learner),
        bench=bench_settings(found, after),
        before=before,
        after=after,
        **answers_shown(found.slug, found.questions, learner),
    )


@pages.get("/pages/<slug>/")
def page(slug: str) -> str:
    """A page that is no step."""
    found = _page(slug)
    before, after = neighbours(url_for("pages.page", slug=slug))
    return render_template(
        "page.html",
        page=found,
        text=rooms().library.page(found),
        before=before,
        after=after,
        **answers_shown(slug, found.questions, guard.learner()),
    )


@pages.post("/answers/<place>/<name>")
def answer(place: str, name: str) -> AnyResponse:
    """Take an answer, and go back to the question, which now has its explanation."""
    return redirect(f"{keep_answer(place, name)}#q-{name}", 303)


def keep_answer(place: str, name: str) -> str:
    """Keep the answer that a form brings; return the address of the question's own page."""
    questions, url = _place(place)
    question = next((item for item in questions if item.id == name), None)
    if question is None:
        abort(404)
    choice = request.form.get("choice", type=int)
    if choice is not None and 0 <= choice < len(question.choices):
        right = question.choices[choice].right
        rooms().store.add_answer(guard.admit(), place, name, choice, right)
    return url


@pages.post("/hints/<path:slug>/<int:task>")
def hint(slug: str, task: int) -> AnyResponse:
    """Show one more hint of a task."""
    found = _lesson(slug)
    if task not in found.hints:
        abort(404)
    rooms().progress.show_hint(guard.admit(), found, task)
    here = f"/{found.slug}/" if "/" in found.slug else url_for("pages.lesson", name=found.slug)
    return redirect(f"{here}#hints-{task}", 303)


@pages.post("/theme")
def choose_theme() -> AnyResponse:
    """Remember light, dark, or as the system has it."""
    back = request.form.get("back", "/")
    response = redirect(back if back.startswith("/") and not back.startswith("//") else "/", 303)
    theme = request.form.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie("theme")
    return response


@pages.get("/assets/<path:name>")
def asset(name: str) -> Response:
    """A file of the built front end."""
    return assets.send(name)


@pages.app_context_processor
def shared() -> dict[str, Any]:
    """What every page needs."""
    here = rooms()
    theme = request.cookies.get("theme")
    return {
        "course": here.course,
        "preload": here.assets.preload,
        "modes": modes(),
        "theme": theme if theme in THEMES else None,
        "workspace": here.config.workspace,
    }


@pages.app_template_global()
def built(name: str) -> str:
    """Return the address of an entry of the built front end."""
    return url_for("pages.asset", name=rooms().assets.files[name])


@pages.app_template_global()
def icon(name: str) -> Markup:
    """Return a drawing from ``static/icons.svg``, which says nothing to a screen reader."""
    sprite = url_for("static", filename="icons.svg")
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        sprite, name
    )


@pages.app_template_global()
def number_word(number: int) -> str:
    """Return a small number as a word."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _lesson(name: str) -> Lesson:
    try:
        return rooms().works.find(name)
    except LessonNotFound as error:
        abort(404, str(error))


def _page(slug: str) -> Page:
    found = next((item for item in rooms().course.pages if item.slug == slug), None)
    if found is None:
        abort(404)
    return found


def _place(name: str) -> tuple[tuple[Question, ...], str]:
    """Return the questions of a lesson or page, and its address."""
    if any(item.slug == name for item in rooms().course.pages):
        return _page(name).questions, url_for("pages.page", slug=name)
    for item in rooms().course.mode_pages:
        if item.slug == name:
            return item.questions, url_for(f"{name}.index")
    found = _lesson(name)
    return found.questions, url_for("pages.lesson", name=found.slug)


def answers_shown(
    place: str, questions: tuple[Question, ...], learner: int | None
) -> dict[str, object]:
    """Return what `parts.prose` needs of a place's questions and a learner's answers."""
    known = rooms().store.answers(learner).get(place, {}) if learner is not None else {}
    valid = {
        question.id: known[question.id]
        for question in questions
        if question.id in known and known[question.id].choice < len(question.choices)
    }
    named = {question.id: question for question in questions}
    return {"questions": named, "answers": valid, "again": request.args.get("again")}


def shown_hints(found: Lesson, learner: int | None) -> dict[int, tuple[list[Markup], int]]:
    """Return each task's rungs, and how many of them are shown."""
    shown = rooms().progress.hints(learner, found)
    return {task: (rooms().library.hints(found, task), shown.get(task, 0)) for task in found.hints}


def bench_settings(
    found: Lesson, after: Step | None, *, reading: str = "", folded: bool = False
) -> dict[str, object]:
    """Return what the page's script must know (bench/protocol.ts, Settings).

    ``reading`` is the address of the page with the tasks, if that is another one; ``folded``
    hides what a failed check advises until the learner asks for it.
    """
    return {
        "lesson": found.slug,
        "number": found.number,
        "open": list(found.open_files),
        "reading": reading,
        "folded": folded,
        "tasks": [{"number": task.number, "title": task.title} for task in found.tasks],
        "versions": dict(rooms().versions),
        "sandbox": rooms().sandbox,
        "previews": guard.preview_origins(),
        "workspace": rooms().config.workspace is not None,
        "nonce": g.nonce,
        "drafts": guard.draft_key(),
        "next": {"title": after.title, "url": after.url} if after else None,
    }
