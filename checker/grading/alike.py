"""Hand-ins of a class that are alike, lesson by lesson, as pages in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from checker.formats import alike
from checker.formats.alike import Seen
from checker.formats.html import Paper
from checker.grading import outbox
from checker.grading.intake import Handin
from checker.lesson import Lesson
from checker.likeness.search import Search
from checker.submission import SubmissionError

FOLDER = "alike"


def write(
    out: Path, lessons: Sequence[Lesson], handins: Sequence[Handin], paper: Paper
) -> list[Seen]:
    """Look through the hand-ins, which are read once more, and write the pages; raises OSError.

    One lesson is held at a time, about a kilobyte for each of its hand-ins.
    """
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    found = [_lesson(folder, lesson, handins, paper) for lesson in lessons]
    seen = [one for one in found if one.size > 1]
    page = alike.overview(paper, seen, outbox.page_name)
    outbox.write(folder / "index.html", [page])
    pages = {f"{one.lesson}.html" for one in seen if one.clusters}
    outbox.remove_others(folder, {"index.html", *pages})
    return seen


def remove(out: Path) -> None:
    """Remove the pages of an earlier run, and the folder when nothing else is in it."""
    folder = out / FOLDER
    if folder.is_dir() and not folder.is_symlink():
        outbox.remove_others(folder, set())
        if not any(folder.iterdir()):
            folder.rmdir()


def _lesson(folder: Path, lesson: Lesson, handins: Sequence[Handin], paper: Paper) -> Seen:
    mine = {handin.learner: handin for handin in handins if handin.lesson == lesson.slug}
    search = Search([lesson.starter(), lesson.solution()], _reading(mine))
    for learner, files in _read(mine):
        search.add(learner, files)
    programs = search.programs
    seen = Seen(
        lesson.slug,
        search.size,
        search.without_own,
        len(programs),
        programs[0] if programs else 0,
        tuple(search.clusters()),
    )
    if seen.clusters:
        pieces = alike.lesson(paper, seen, search.beside, outbox.page_name)
        outbox.write(folder / f"{lesson.slug}.html", pieces)
    return seen


def _read(handins: Mapping[str, Handin]) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    for learner, handin in handins.items():
        try:
            yield learner, handin.read().files
        except SubmissionError:
            continue


def _reading(handins: Mapping[str, Handin]) -> Callable[[str], Mapping[str, bytes]]:
    def read(learner: str) -> Mapping[str, bytes]:
        try:
            return handins[learner].read().files
        except SubmissionError:
            return {}

    return read
