"""What is shown instead of a page: what went wrong, and ways on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from webapp import guard
from webapp.reading.search import Hit
from webapp.reading.words import PART
from webapp.rooms import rooms

problems = Blueprint("problems", __name__)

CODES = (400, 403, 404, 405, 413, 429, 500)
TITLES = {
    404: "There is no such page",
    413: "That is too large",
    500: "The course had a fault",
}
MOVED = "The address may have a slip, or the page has moved."
TEXTS = {
    404: MOVED,
    405: MOVED,
    413: "What you sent is larger than what the course takes here. Send less of it.",
    500: "This is our fault, not yours. Your work is kept. Try the page again.",
}
GENERAL = {"lessons", "lesson", "pages", "page", "modes", "html", "htm", "php", "index"}
"""Words of an address that say nothing of what was looked for."""
MOST = 3
"""Pages that are proposed."""


def problem(error: Any) -> Response:
    """One sentence on what went wrong, and the ways on."""
    code = error.code
    page = render_template(
        "problem.html",
        title=TITLES.get(code, "That cannot be done"),
        text=TEXTS.get(code, error.description),
        words=_words() if code == 404 else "",
        hits=_likely() if code == 404 else (),
        ours=guard.host_is_ours(request),
    )
    return make_response(page, code)


for _code in CODES:
    problems.app_errorhandler(_code)(problem)


def _words() -> str:
    """Return the words of the address that may say what was looked for."""
    found = PART.findall(request.path.lower())
    return " ".join(word for word in found if word not in GENERAL)[:80]


def _likely() -> list[Hit]:
    """Return lessons and pages that have these words."""
    hits = rooms().search.find(_words()).hits if _words() else ()
    return [hit for hit in hits if hit.kind in ("Lesson", "Page")][:MOST]
