"""A learner's whole work as data: code, answers and progress. All times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.files import Files

Key = tuple[str, str]
"""A place (the slug of a lesson or page) and the name of a question there."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A pass, and what it was checked with. ``imported``: brought along in a file."""

    at: float
    checks: int = 0
    points: int = 0
    max_points: int = 0
    async_mode: str | None = None
    digest: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    sandbox: str = ""
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """What a learner did in one lesson. ``files`` is None where they changed nothing."""

    started: float
    passed: float | None = None
    solution_asked: int = 0
    tasks: Mapping[int, float] = field(default_factory=dict)
    hints: Mapping[int, int] = field(default_factory=dict)
    files: Files | None = None
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The newest answer to a question; ``choice`` counts from 0."""

    choice: int
    right: bool
    at: float


@dataclass(frozen=True, slots=True)
class Coming:
    """A question that comes back, due then; ``memory`` is the scheduler's, None for a new one."""

    due: float
    memory: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All of it, by the slug of the lesson and by question."""

    works: Mapping[str, Work] = field(default_factory=dict)
    answers: Mapping[Key, Given] = field(default_factory=dict)
    cards: Mapping[Key, Coming] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self.works and not self.answers

    @property
    def coded(self) -> frozenset[str]:
        """The lessons with code."""
        return frozenset(slug for slug, work in self.works.items() if work.files is not None)

    @property
    def passed(self) -> frozenset[str]:
        """The lessons that are passed."""
        return frozenset(slug for slug, work in self.works.items() if work.passed is not None)


def merged(mine: Portfolio, theirs: Portfolio) -> Portfolio:
    """Return all that is in either; where both have code or an answer, mine stays."""
    works = {
        slug: _both(mine.works.get(slug), theirs.works.get(slug))
        for slug in {**mine.works, **theirs.works}
    }
    known = {key: card for key, card in mine.cards.items() if card.memory is not None}
    cards = {**mine.cards, **theirs.cards, **known}
    return Portfolio(works, {**theirs.answers, **mine.answers}, cards)


def _both(mine: Work | None, theirs: Work | None) -> Work:
    if mine is None or theirs is None:
        one = mine or theirs
        assert one is not None
        return one
    passed = [work.passed for work in (mine, theirs) if work.passed is not None]
    return Work(
        started=min(mine.started, theirs.started),
        passed=min(passed, default=None),
        solution_asked=max(mine.solution_asked, theirs.solution_asked),
        tasks={**theirs.tasks, **mine.tasks},
        hints={
            task: max(mine.hints.get(task, 0), theirs.hints.get(task, 0))
            for task in {**mine.hints, **theirs.hints}
        },
        files=theirs.files if mine.files is None else mine.files,
        proof=mine.proof or theirs.proof,
    )
