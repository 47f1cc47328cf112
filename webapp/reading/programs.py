"""Run a program of a page, here and now: what it prints is what the page says it prints."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Blueprint, Flask, abort, current_app, request

from checker.blockrun import run_program
from checker.check import Failure
from checker.report import bounded
from checker.run import Pool
from webapp import guard
from webapp.limits import Limiter
from webapp.reading.runnable import programs_of
from webapp.rooms import Rooms, rooms

bp = Blueprint("programs", __name__)

KEY = "programs"
RUNS_PER_MINUTE = 20
AT_ONCE = 2
PATIENCE = 10.0
"""Seconds for which a program waits for its turn."""
MOST_CHARACTERS = 8_000
"""Of what was printed."""
BUSY = "Many programs run at the moment. Try again in a few seconds."
TOO_FAST = "That was too much at once. Wait a moment, and try again."
FAULT = "The course had a fault while it ran this. Try again."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs programs: the course's own, never a stranger's text."""

    pool: Pool
    sources: dict[str, str]
    pace: Limiter = field(
        default_factory=lambda: Limiter(RUNS_PER_MINUTE / 60, RUNS_PER_MINUTE / 2)
    )
    turns: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(AT_ONCE)
    )


def install(app: Flask, here: Rooms, pool: Pool) -> None:
    """Put the engine in its place."""
    app.extensions[KEY] = Engine(pool, programs_of(here.course))


@bp.post("/programs/<name>")
def run(name: str) -> tuple[dict[str, Any], int]:
    """Run a program to its end; ``output`` is what it printed, ``seconds`` what it took."""
    engine = cast("Engine", current_app.extensions[KEY])
    source = engine.sources.get(name)
    if source is None:
        abort(404)
    if not engine.pace.allows(guard.sender_of(request)):
        return {"error": TOO_FAST}, 429
    if not engine.turns.acquire(timeout=PATIENCE):
        return {"error": BUSY}, 503
    try:
        return _run(engine.pool, source)
    finally:
        engine.turns.release()


def _run(pool: Pool, source: str) -> tuple[dict[str, Any], int]:
    began = time.monotonic()
    try:
        code, printed = run_program(source, pool)
    except Failure as problem:
        return {"error": problem.message}, 200
    except Exception:
        log.exception("A program of a page could not be run.")
        return {"error": FAULT}, 500
    seconds = round(time.monotonic() - began, 1)
    output = bounded(printed.rstrip(), MOST_CHARACTERS)
    return {"output": output, "code": code, "seconds": seconds, "python": _python()}, 200


def _python() -> str:
    return rooms().versions.get("python", "")
