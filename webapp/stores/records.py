"""What the store tells of a learner: plain records, without SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest answer to a question; ``choice`` counts from 0."""

    choice: int
    right: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One kept version of a lesson's files; ``at`` is seconds since 1970."""

    id: int
    reason: str
    at: float
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest finished run; ``digest`` tells which files it was a run of."""

    result: Mapping[str, Any]
    digest: str
    at: float


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a learner is in one lesson."""

    passed: float | None
    tasks: frozenset[int]
