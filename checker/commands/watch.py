"""`course watch`: check again on every save, until Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from checker.commands.checking import check
from checker.commands.saves import Saves
from checker.commands.screen import Screen, line, relative
from checker.commands.target import Target
from checker.run import Cancelled, Pool


class Watch:
    """Checks ``target`` now and after each save; with ``follow``, whichever lesson was saved."""

    def __init__(self, target: Target, pool: Pool, screen: Screen, *, follow: bool) -> None:
        """Prepare; `run` begins."""
        self._target = target
        self._pool = pool
        self._screen = screen
        self._follow = follow and target.workspace is not None
        self._cancel = threading.Event()

    def run(self) -> None:
        """Check and wait in turn, for ever; KeyboardInterrupt ends it."""
        with Saves(self._root(), lambda: self._cancel.set()) as saves:
            self._screen.clear()
            while True:
                self._check()
                changed = saves.next()
                self._target = self._meant(changed)
                self._screen.clear()
                self._screen.say("", line(self._saved(changed), "dim"), "")

    def _check(self) -> None:
        """Check once; a save meanwhile ends it, because its result would be out of date."""
        self._cancel = threading.Event()
        try:
            check(self._target, self._pool, self._screen, self._cancel)
        except Cancelled:
            return
        where = relative(self._root())
        self._screen.say("", line(f"Watching {where}: save a file to check again.", "dim"))
        self._screen.say(line("Press Ctrl-C to stop.", "dim"))

    def _root(self) -> Path:
        if self._follow and self._target.workspace is not None:
            return self._target.workspace.root
        path = self._target.path
        return path.parent if path.suffix == ".py" else path

    def _meant(self, changed: Collection[Path]) -> Target:
        """Return the target that a save is about: the present one, or another lesson's."""
        workspace = self._target.workspace
        if not self._follow or workspace is None:
            return self._target
        course = self._target.course
        found = (workspace.lesson_at(path, course) for path in changed)
        saved = {lesson.slug: lesson for lesson in found if lesson is not None}
        if not saved or self._target.lesson.slug in saved:
            return self._target
        lesson = saved[min(saved)]
        return replace(self._target, lesson=lesson, path=workspace.folder(lesson))

    def _saved(self, changed: Collection[Path]) -> str:
        names = sorted(relative(path) for path in changed)
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        return f"{datetime.now():%H:%M:%S}  {names[0]}{more} changed"
