"""The Visual mode: recordings of real runs, stepped through as a picture that moves."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, abort, render_template

from webapp.modes.drawing import draw
from webapp.modes.packets import read_body
from webapp.modes.scenario import Scenario, load_scenarios
from webapp.rooms import rooms

bp = Blueprint("visual", __name__, url_prefix="/visual")

EXAMPLE = '42["message","Hello"]'
"""The packet by which the reading of packets is explained."""
COLOURS = 8
"""For the parts of a packet; more parts begin again."""


@bp.get("/")
def index() -> str:
    """All recordings."""
    (example,) = read_body(EXAMPLE)
    return render_template(
        "visual.html", scenarios=scenarios_of(rooms().course.root), example=example, colours=COLOURS
    )


@bp.get("/<slug>/")
def scenario(slug: str) -> str:
    """One recording, step by step."""
    found = scenarios_of(rooms().course.root)
    names = [item.slug for item in found]
    if slug not in names:
        abort(404)
    here = names.index(slug)
    return render_template(
        "visual_scenario.html",
        scenario=found[here],
        drawing=draw(found[here]),
        before=found[here - 1] if here else None,
        after=found[here + 1] if here + 1 < len(found) else None,
        number=here + 1,
        colours=COLOURS,
    )


@lru_cache(maxsize=4)
def scenarios_of(root: Path) -> tuple[Scenario, ...]:
    """Return the recordings of the course in this folder."""
    return load_scenarios(root)
