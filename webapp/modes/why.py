"""The Why mode: asking beside being told, both really running, and counted on the page."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request
from flask_socketio import SocketIO

from checker.lesson import Page
from webapp import guard
from webapp.limits import Limiter
from webapp.modes.scenario import load_scenarios
from webapp.modes.silence import SECONDS
from webapp.modes.ticker import PERIODS, Ticker, bytes_of, reading
from webapp.reading.pages import answers_shown
from webapp.rooms import Rooms, rooms

bp = Blueprint("why", __name__, url_prefix="/why")

KEY = "why"
KEPT = 5
"""Seconds for which a cache may keep an answer, where the page asks for that."""
CHECKLIST = (
    ("The server learns of it first, and at a moment that nobody can foresee.", "push"),
    ("A reader would notice a delay of five seconds.", "push"),
    ("It changes more often than once in half a minute.", "push"),
    ("Both sides speak: the page has something to say at any moment too.", "push"),
    ("Most readers look for a few seconds, and leave.", "poll"),
    ("Everybody sees the same, and a cache could answer for the server.", "poll"),
    ("It must still work behind any proxy, and after every restart, without your looking.", "poll"),
)
"""What may be true of a page, and what it speaks for."""
ASKS_PER_SECOND = 6
"""For each learner or newcomer's address; bursts of five times as many."""


def install(app: Flask, socketio: SocketIO, here: Rooms) -> Callable[[], None]:
    """Put the namespace in its place; return what ends it."""
    ticker = Ticker(here)
    socketio.on_namespace(ticker)
    app.extensions[KEY] = (ticker, Limiter(ASKS_PER_SECOND, ASKS_PER_SECOND * 5))
    return ticker.close


@bp.get("/")
def index() -> str:
    """The reasons, the comparison, the costs."""
    root, page = rooms().course.root, mode_page("why")
    return render_template(
        "why.html",
        page=page,
        text=rooms().library.page(page),
        figures=_figures(root),
        settings={"kept": KEPT, "agreed": _agreed(root), "silence": round(SECONDS)},
        checklist=CHECKLIST,
        **answers_shown(page.slug, page.questions, guard.learner()),
    )


@bp.get("/value")
def value() -> Response:
    """The value as it is now, as JSON: ``n``, ``value``, ``at`` and ``now`` (`reading`).

    ``every`` chooses how often it changes; ``keep`` lets caches keep the answer. While the
    reader's network is silent, the answer waits.
    """
    _admit()
    _hold()
    period = request.args.get("every", type=float)
    if period not in PERIODS:
        abort(400, f"The value changes every {', '.join(map(str, PERIODS))} seconds.")
    now = reading(period)
    response = Response(json.dumps(now), mimetype="application/json")
    response.set_etag(f"{period:g}-{now['n']}")
    kept = f"private, max-age={KEPT}" if "keep" in request.args else "private, no-cache"
    response.headers["Cache-Control"] = kept
    response.headers["Asked-Bytes"] = str(bytes_of(request))
    response.make_conditional(request)
    del response.headers["Date"]  # the web server writes one anyway
    return response


@bp.get("/server")
def server() -> dict[str, int]:
    """What the server holds now: open connections, and the threads of its process."""
    _admit()
    return {"connections": _ticker().open_lines, "threads": threading.active_count()}


def mode_page(slug: str) -> Page:
    """Return a mode's own text; 404 in a course that has none."""
    found = next((page for page in rooms().course.mode_pages if page.slug == slug), None)
    return found or abort(404)


def _admit() -> None:
    _, pace = current_app.extensions[KEY]
    if not pace.allows(guard.sender_of(request)):
        abort(429, "That was too much at once. Wait a moment, and try again.")


def _hold() -> None:
    learner = guard.learner()
    if learner is not None and not _ticker().silence.hold(learner):
        abort(503, "Too many questions wait already.")


def _ticker() -> Ticker:
    return cast("Ticker", current_app.extensions[KEY][0])


def _figures(root: Path) -> dict[str, Any] | None:
    """What was measured in a real run, or None."""
    path = root / "modes" / "why" / "figures.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


@lru_cache(maxsize=4)
def _agreed(root: Path) -> int:
    """Bytes of the answer that opens a WebSocket, as they were recorded; 0 if they never were."""
    steps = [step for scenario in load_scenarios(root) for step in scenario.steps]
    return next((step.size for step in steps if " 101 " in step.line), 0)
