"""What routes and handlers work with: one frozen object, made by the factory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import current_app

from checker.lesson import Course, Lesson
from webapp.assets import Assets
from webapp.bench import Bench
from webapp.config import Config
from webapp.limits import Limiter
from webapp.progress import Progress
from webapp.prose import Library
from webapp.runs import Runs
from webapp.shelf import FolderShelf, Shelf, StoredShelf
from webapp.store import Store

KEY = "course"
"""Where a Flask app keeps its rooms (`app.extensions`)."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything below the routes. ``shelves`` are the workspace's folders, by lesson."""

    config: Config
    course: Course
    assets: Assets
    store: Store
    progress: Progress
    library: Library
    runs: Runs
    shelves: Mapping[str, FolderShelf]
    posts: Limiter
    versions: Mapping[str, str]
    sandbox: str

    def bench(self, learner: int, lesson: Lesson) -> Bench:
        """Return a learner's workbench for a lesson."""
        shelf: Shelf = self.shelves.get(lesson.slug) or StoredShelf(self.store, learner, lesson)
        return Bench(lesson, learner, shelf, self.store, self.config)


def rooms() -> Rooms:
    """Return the rooms of the app that serves this request."""
    return cast("Rooms", current_app.extensions[KEY])
