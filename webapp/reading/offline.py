"""Installed as an app, the course can be read while it is not running.

A service worker keeps the reading pages as a newcomer sees them, so nothing personal is ever kept.
Pages come from the running course whenever it answers; what is kept is renewed with each edition.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, render_template, url_for
from markupsafe import Markup

from checker.lesson import Course
from webapp.assets import DIST, STATIC
from webapp.modes import perf
from webapp.modes.project import address as stage_url
from webapp.modes.visual import scenarios_of
from webapp.rooms import rooms

offline = Blueprint("offline", __name__)

TEMPLATES = STATIC.with_name("templates")
LARGEST = 150 * 1024
"""Bytes of a script that is kept; the workbench's editor is larger, and needs the server anyway."""
KEPT = {".js", ".css", ".woff2"}
READABLE = ("why", "deep", "visual", "project", "perf")
"""Modes whose first page is for reading."""
PAPER = "#fcfbf8"
"""As --paper in tokens.css, in light."""
TEXTS = {".md", ".toml", ".json"}
"""Of a mode: what its pages are made from."""


def edition_of(course: Course) -> str:
    """Return a name for this edition of the course: another with each change of text or code."""
    total = hashlib.sha256()
    for path in sorted([DIST / "manifest.json", *STATIC.glob("*.svg"), *TEMPLATES.glob("*.html")]):
        if path.is_file():
            total.update(path.read_bytes())
    for lesson in course.lessons:
        total.update(repr((lesson.slug, lesson.title, lesson.prose, lesson.questions)).encode())
    for page in course.pages:
        total.update(repr((page.slug, page.title, page.prose, page.questions)).encode())
    for path in sorted((course.root / "modes").rglob("*")):
        if path.suffix in TEXTS and path.is_file():
            total.update(path.read_bytes())
    return total.hexdigest()[:16]


@offline.get("/service-worker.js")
def worker() -> Response:
    """The service worker, with what it is to keep."""
    here = rooms()
    settings = {"edition": here.edition, "pages": list(_pages()), "assets": list(_assets())}
    settings["data"] = list(_data())
    script = (DIST / here.assets.files["worker.js"]).read_text("utf-8")
    body = f"const COURSE = {json.dumps(settings)};\n{script}"
    response = Response(body, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@offline.get("/manifest.webmanifest")
def manifest() -> Response:
    """What the system shows of the installed app."""
    course = rooms().course
    about = {
        "id": "/",
        "name": course.title,
        "short_name": "Flask-SocketIO",
        "description": Markup(course.summary).striptags(),
        "lang": "en",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {
                "src": url_for("static", filename="icon.svg"),
                "type": "image/svg+xml",
                "sizes": "any",
            }
        ],
    }
    response = Response(json.dumps(about), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@offline.get("/offline")
def page() -> str:
    """What is shown for a page that is not kept, while the course is not running."""
    titles = {mode.slug: mode for mode in rooms().course.modes}
    kept = [titles[slug] for slug in READABLE if slug in titles and slug in current_app.blueprints]
    return render_template("offline.html", modes_kept=kept)


def _pages() -> Iterator[str]:
    course = rooms().course
    yield url_for("pages.contents")
    yield from (url_for("pages.lesson", name=lesson.slug) for lesson in course.lessons)
    yield from (url_for("pages.page", slug=page.slug) for page in course.pages)
    yield from (url_for(f"{m}.index") for m in READABLE if m in current_app.blueprints)
    yield from (url_for("visual.scenario", slug=s.slug) for s in scenarios_of(course.root))
    yield from map(stage_url, rooms().works.stages)
    yield url_for("offline.page")


def _data() -> Iterator[str]:
    """What a page asks for when it is there already."""
    if current_app.extensions.get(perf.KEY) is not None:
        yield url_for("perf.recorded")


def _assets() -> Iterator[str]:
    itself = rooms().assets.files["worker.js"]
    for path in sorted(DIST.iterdir()):
        small = path.suffix in KEPT and path.stat().st_size <= LARGEST
        if small and path.name != itself:
            yield url_for("pages.asset", name=path.name)
    for path in sorted(STATIC.glob("*.svg")):
        yield url_for("static", filename=path.name)
