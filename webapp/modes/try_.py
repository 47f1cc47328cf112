"""Try: the workbench by itself, with a blank app or any lesson's."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.bench.trials import PREFIX, Trial
from webapp.reading.pages import bench_settings
from webapp.rooms import rooms

bp = Blueprint("try", __name__, url_prefix=f"/{PREFIX}")


@bp.get("/")
def index() -> str:
    """The workbench with the first app there is."""
    trials = rooms().works.trials
    if not trials:
        abort(404)
    return _show(trials[0])


@bp.get("/<path:name>/")
def trial(name: str) -> str | AnyResponse:
    """The workbench with one app."""
    found = next((item for item in rooms().works.trials if item.name == name), None)
    if found is None:
        abort(404)
    if found is rooms().works.trials[0]:
        return redirect(url_for("try.index"))
    return _show(found)


def _show(found: Trial) -> str:
    trials = rooms().works.trials
    lessons = [
        (lesson, [item for item in trials if item.origin is lesson])
        for lesson in rooms().course.lessons
    ]
    return render_template(
        "try.html",
        lesson=found,
        own=[item for item in trials if item.origin is None],
        lessons=lessons,
        bench={**bench_settings(found, None), "checks": False},
    )


@bp.app_template_global()
def trial_url(found: Trial) -> str:
    """Return the address of a trial."""
    first = found is rooms().works.trials[0]
    return url_for("try.index") if first else url_for("try.trial", name=found.name)
