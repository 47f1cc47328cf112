"""What routes and handlers work with: one frozen object, made by the factory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import current_app

from checker.lesson import Course, Lesson
from checker.stages import Stage
from webapp.assets import Assets
from webapp.bench.bench import Bench
from webapp.bench.previews import Previews
from webapp.bench.runs import Runs
from webapp.bench.shelf import FolderShelf, Shelf, StoredShelf
from webapp.bench.works import Works
from webapp.config import Config
from webapp.limits import Limiter
from webapp.reading.prose import Library
from webapp.reading.search import Search
from webapp.stores.deck import Deck
from webapp.stores.progress import Progress
from webapp.stores.store import Store

KEY = "course"
"""Where a Flask app keeps its rooms (`app.extensions`)."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything below the routes. ``shelves`` are the workspace's folders, by lesson."""

    config: Config
    course: Course
    works: Works
    assets: Assets
    store: Store
    progress: Progress
    deck: Deck
    library: Library
    search: Search
    edition: str
    runs: Runs
    previews: Previews
    shelves: Mapping[str, FolderShelf]
    posts: Limiter
    versions: Mapping[str, str]
    sandbox: str

    def bench(self, learner: int, lesson: Lesson) -> Bench:
        """Return a learner's workbench for a lesson."""
        shelf: Shelf | None = self.shelves.get(lesson.slug)
        if shelf is None:
            shelf = StoredShelf(self.store, learner, lesson, self._former(learner, lesson))
        return Bench(lesson, learner, shelf, self.store, self.config)

    def _former(self, learner: int, lesson: Lesson) -> Lesson | None:
        """Return the work that the learner goes on with here, if they have done it."""
        former = lesson.former if isinstance(lesson, Stage) else None
        return former if former is not None and self.progress.passed(learner, former) else None


def rooms() -> Rooms:
    """Return the rooms of the app that serves this request."""
    return cast("Rooms", current_app.extensions[KEY])
