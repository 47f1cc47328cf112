"""All that can be worked on at a bench: the lessons, and what the modes add to them."""

from __future__ import annotations

from functools import cached_property

from checker.lesson import Course, Lesson, LessonNotFound
from checker.stages import Stage
from webapp.bench.puzzles import Puzzle, load_puzzles
from webapp.bench.trials import Trial, load_trials


class Works:
    """Finds a piece of work by its slug, which is also the key of a learner's files.

    Lessons have a plain slug; everything else has a mode in front of it, and lies at that
    address: ``challenge/…``, ``project/…``.
    """

    def __init__(self, course: Course) -> None:
        self._course = course

    @cached_property
    def puzzles(self) -> tuple[Puzzle, ...]:
        """The broken apps, read when first asked for."""
        return load_puzzles(self._course)

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """The apps to try things out with, read when first asked for."""
        return load_trials(self._course)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The project, stage by stage, read when first asked for."""
        return self._course.stages

    @cached_property
    def _others(self) -> dict[str, Lesson]:
        return {work.slug: work for work in (*self.puzzles, *self.trials, *self.stages)}

    def title(self, work: Lesson) -> str:
        """Return what a piece of work is called among all others, with backticks round code."""
        if isinstance(work, Puzzle):
            return f"Challenge, lesson {work.number}, app {work.place}: {work.symptom}"
        if isinstance(work, Stage):
            return f"Project, stage {work.number}: {work.title}"
        return f"Try: {work.title}" if "/" in work.slug else f"Lesson {work.number}: {work.title}"

    def find(self, slug: str) -> Lesson:
        """Return a lesson by any of its names, or another work by its slug.

        Raises LessonNotFound.
        """
        if "/" not in slug:
            return self._course.find(slug)
        try:
            return self._others[slug]
        except KeyError:
            raise LessonNotFound(f"There is nothing called {slug!r} to work on.") from None
