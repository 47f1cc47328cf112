"""Project: one app that grows stage by stage, judged like a lesson."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from checker.lesson import PROJECT
from checker.stages import Stage
from webapp import guard
from webapp.reading.pages import bench_settings, shown_hints
from webapp.reading.steps import Step
from webapp.rooms import rooms
from webapp.stores.progress import LessonState

bp = Blueprint("project", __name__, url_prefix=f"/{PROJECT}")


@bp.get("/")
def index() -> str:
    """What the project is, and how far the learner is in it."""
    states = _states(guard.learner())
    left = [state for state in states if state.state != "done"]
    begun = any(state.state != "new" for state in states)
    return render_template("project.html", states=states, next=next(iter(left), None), begun=begun)


@bp.get("/<name>/")
def stage(name: str) -> str | AnyResponse:
    """One stage: its text, and the workbench."""
    found = _stage(name)
    if found.slug != f"{PROJECT}/{name}":
        return redirect(address(found))
    learner = guard.learner()
    before, after = _neighbours(found)
    return render_template(
        "stage.html",
        lesson=found,
        text=rooms().library.lesson(found),
        state=rooms().progress.state(learner, found),
        hints=shown_hints(found, learner),
        bench=bench_settings(found, after),
        before=before,
        after=after,
        questions={},
        answers={},
        again=None,
        own=_has_own_beginning(learner, found),
        last=after is None,
    )


@bp.app_template_global("stage_url")
def address(found: Stage) -> str:
    """Return the address of a stage's page."""
    return url_for("project.stage", name=found.slug.removeprefix(f"{PROJECT}/"))


def _stage(name: str) -> Stage:
    for found in rooms().works.stages:
        if f"{PROJECT}/{name}" in found.names:
            return found
    abort(404)


def _has_own_beginning(learner: int | None, found: Stage) -> bool:
    """Whether it begins with the learner's own app: one passed in a terminal is not here."""
    former = found.former
    if former is None or learner is None or not rooms().progress.passed(learner, former):
        return False
    return rooms().store.files(learner, former.slug) is not None


def _states(learner: int | None) -> list[LessonState]:
    return [rooms().progress.state(learner, each) for each in rooms().works.stages]


def _neighbours(found: Stage) -> tuple[Step | None, Step | None]:
    stages = rooms().works.stages
    place = stages.index(found)
    before = stages[place - 1] if place else None
    after = stages[place + 1] if place + 1 < len(stages) else None
    return _step(before), _step(after)


def _step(found: Stage | None) -> Step | None:
    return Step(f"Stage {found.number}: {found.title}", address(found)) if found else None
