"""What is the learner's own: their work as a file, earlier versions, and the proof of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from checker.lesson import Lesson, LessonNotFound
from checker.submission import SubmissionError
from webapp import guard
from webapp.bench.bench import BenchError
from webapp.rooms import rooms
from webapp.stores.portfolio import Portfolio, Proof
from webapp.yours.difference import difference
from webapp.yours.export import MOST_BYTES, TOO_LARGE
from webapp.yours.moving import Moving, MovingError
from webapp.yours.untrusted import BadExport

yours = Blueprint("yours", __name__, url_prefix="/yours")

REFUSED = (BadExport, BenchError, MovingError, SubmissionError)
NAME_LENGTH = 80
DONE = {
    "taken": "Done. What you had before is kept: see Backups.",
    "undone": "Done. The backup is back, and what it replaced is kept too: see Backups.",
    "forgotten": "The file was put away. Nothing has changed.",
    "restored": "That version is back. The files it replaced are the newest version of the list.",
}
REASONS = {
    "earlier": "before you worked on",
    "checked": "when you checked",
    "reset": "before a reset",
    "restored": "before another version came back",
    "removed": "before a file was deleted",
    "mine": "yours, when both had changed",
    "theirs": "the other, when both had changed",
}


@dataclass(frozen=True, slots=True)
class Passed:
    """A line of the proof: a lesson, when it was first passed, and the newest pass."""

    lesson: Lesson
    first: float
    proof: Proof | None


@yours.get("/")
def index() -> str:
    """What there is, and what can be done with it."""
    return _show()


@yours.get("/export.json")
def export() -> AnyResponse:
    """The learner's whole work as one file."""
    learner = guard.learner()
    if learner is None:
        return redirect(url_for("yours.index"))
    try:
        content = Moving(rooms(), learner).write()
    except SubmissionError as problem:
        abort(400, str(problem))
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="my-course-{day}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@yours.post("/import")
def receive() -> str | AnyResponse | tuple[str, int]:
    """Take a file, and ask what to do with it."""
    request.max_content_length = MOST_BYTES + 64 * 1024
    content = b""
    try:
        if sent := request.files.get("file"):
            with sent.stream:
                content = sent.read(MOST_BYTES + 1)
    except RequestEntityTooLarge:
        return _show(TOO_LARGE), 413
    if not content:
        return _show("Choose the file that the export gave you, then press the button again."), 400
    try:
        Moving(rooms(), guard.admit()).receive(content)
    except REFUSED as problem:
        return _show(str(problem)), 400
    return redirect(f"{url_for('yours.index')}#waiting", 303)


@yours.post("/import/<way>")
def take_in(way: str) -> AnyResponse | tuple[str, int]:
    """Merge, replace, or put the file away."""
    moving = Moving(rooms(), guard.admit())
    try:
        if way == "forget":
            moving.forget()
            return redirect(url_for("yours.index", done="forgotten"), 303)
        if way not in ("merge", "replace"):
            abort(404)
        moving.take_in(replacing=way == "replace")
    except REFUSED as problem:
        return _show(str(problem)), 400
    return redirect(url_for("yours.index", done="taken"), 303)


@yours.post("/backups/<int:number>")
def undo(number: int) -> AnyResponse | tuple[str, int]:
    """Put a backup back."""
    try:
        Moving(rooms(), guard.admit()).undo(number)
    except REFUSED as problem:
        return _show(str(problem)), 400
    return redirect(url_for("yours.index", done="undone"), 303)


@yours.get("/proof/")
def proof() -> str:
    """A page to print: what was passed, when, and with what."""
    learner = guard.learner()
    standing = rooms().progress.standing(learner)
    mine = Moving(rooms(), learner).portfolio() if learner is not None else Portfolio()
    course = rooms().course
    asked = sum(len(lesson.questions) for lesson in course.lessons)
    return render_template(
        "proof.html",
        standing=standing,
        passed=_passed(learner, mine, course.lessons),
        stages=_passed(learner, mine, rooms().works.stages),
        mended=_mended(mine),
        answered=len(mine.answers),
        asked=asked + sum(len(page.questions) for page in course.pages),
        name=request.args.get("name", "").strip()[:NAME_LENGTH],
        now=rooms().store.clock(),
    )


@yours.get("/versions/<path:slug>/")
def versions(slug: str) -> str:
    """A lesson's kept versions; ``?show=`` compares one with the files as they are."""
    return _versions(slug)


@yours.post("/versions/<path:slug>/")
def restore(slug: str) -> AnyResponse | tuple[str, int]:
    """Bring a version back."""
    bench = rooms().bench(guard.admit(), _work(slug))
    try:
        bench.restore(request.form.get("version", 0, type=int))
    except REFUSED as problem:
        return _versions(slug, str(problem)), 400
    return redirect(url_for("yours.versions", slug=bench.lesson.slug, done="restored"), 303)


@yours.app_template_filter()
def moment(at: float) -> str:
    """Say a moment: day and time in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%-d %B %Y, %H:%M UTC")


@yours.app_template_filter()
def iso(at: float) -> str:
    """Say a moment to a machine."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _show(problem: str = "") -> str:
    learner = guard.learner()
    mine, offer, backups, works = Portfolio(), None, [], []
    if learner is not None:
        moving = Moving(rooms(), learner)
        try:
            mine, offer, backups = moving.portfolio(), moving.offer(), moving.backups()
        except REFUSED as trouble:
            problem = problem or str(trouble)
        works = [rooms().works.find(slug) for slug in sorted(mine.coded) if _is_here(slug)]
    return render_template(
        "yours.html",
        mine=mine,
        works=works,
        titles=rooms().works.title,
        offer=offer,
        backups=backups,
        problem=problem,
        done=DONE.get(request.args.get("done", "")),
        most=MOST_BYTES // 2**20,
    )


def _versions(slug: str, problem: str = "") -> str:
    work = _work(slug)
    learner = guard.learner()
    bench = rooms().bench(learner, work) if learner is not None else None
    kept = bench.versions() if bench else []
    shown = request.args.get("show", type=int)
    changed: list[tuple[str, str]] | None = None
    if bench and shown is not None:
        try:
            changed = difference(bench.version(shown), bench.files())
        except REFUSED as trouble:
            problem = problem or str(trouble)
    return render_template(
        "versions.html",
        work=work,
        titles=rooms().works.title,
        versions=kept,
        reasons=REASONS,
        shown=shown if changed is not None else None,
        difference=changed,
        problem=problem,
        done=DONE.get(request.args.get("done", "")),
    )


def _passed(learner: int | None, mine: Portfolio, works: Sequence[Lesson]) -> list[Passed]:
    found = []
    for lesson in works:
        work = mine.works.get(lesson.slug)
        known = work.proof if work else None
        if work is not None and work.passed is not None:
            found.append(Passed(lesson, work.passed, known))
        elif rooms().progress.passed(learner, lesson):
            found.append(Passed(lesson, 0.0, known))
    return found


def _mended(mine: Portfolio) -> int:
    """How many broken apps of this course are mended."""
    return sum(each.slug in mine.passed for each in rooms().works.puzzles)


def _is_here(slug: str) -> bool:
    try:
        return bool(rooms().works.find(slug))
    except LessonNotFound:
        return False


def _work(slug: str) -> Lesson:
    try:
        return rooms().works.find(slug)
    except LessonNotFound as error:
        abort(404, str(error))
