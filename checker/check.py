"""Write a check: the decorator, the expectations, and the ways in which a check can end."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.report import Json, Outcome, bounded

if TYPE_CHECKING:
    from checker.app import App

__all__ = ["Check", "Crash", "Failure", "TimedOut", "check", "expect", "expect_equal", "shown"]


class Failure(Exception):
    """What the learner's app did is not what was asked; the check ends here.

    ``message`` says what the app did and what was asked; ``help`` what to try.
    """

    outcome: Outcome = "failed"

    def __init__(
        self,
        message: str,
        *,
        help: str | None = None,
        line: int | None = None,
        expected: Json = None,
        observed: Json = None,
    ) -> None:
        """Keep what the learner is to read."""
        super().__init__(message)
        self.message = message
        self.help = help
        self.line = line
        self.expected = expected
        self.observed = observed


class Crash(Failure):
    """The learner's code raised an exception, or its process ended."""

    outcome: Outcome = "crashed"


class TimedOut(Failure):
    """The learner's code did not come back in time."""

    outcome: Outcome = "timed_out"


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One check of a lesson, in the order of its file."""

    function: Callable[[App], None]
    name: str
    title: str
    task: int
    points: int
    needs: tuple[Check, ...]


def check(
    *, task: int, points: int = 1, needs: Check | tuple[Check, ...] = ()
) -> Callable[[Callable[[App], None]], Check]:
    """Make a check of a function whose docstring is the sentence on the learner's screen.

    ``needs`` names earlier checks: unless they all pass, this one is skipped. It meets a freshly
    loaded app in any case. Raises ValueError when the docstring is missing.
    """

    def decorate(function: Callable[[App], None]) -> Check:
        title = inspect.getdoc(function)
        if not title:
            raise ValueError(f"{function.__name__} needs a docstring: the learner reads it.")
        earlier = (needs,) if isinstance(needs, Check) else needs
        return Check(function, function.__name__, " ".join(title.split()), task, points, earlier)

    return decorate


def expect(
    condition: object,
    message: str,
    *,
    help: str,
    line: int | None = None,
    expected: Json = None,
    observed: Json = None,
) -> None:
    """Raise `Failure` unless ``condition`` holds."""
    if not condition:
        raise Failure(message, help=help, line=line, expected=expected, observed=observed)


def expect_equal(
    observed: Json, expected: Json, *, what: str, help: str, line: int | None = None
) -> None:
    """Raise `Failure` unless two plain values are equal, with a type each."""
    if not same(observed, expected):
        raise Failure(
            f"{what} is {shown(observed)}. The task asks for {shown(expected)}.",
            help=help,
            line=line,
            expected=expected,
            observed=observed,
        )


def same(left: Json, right: Json) -> bool:
    """Whether two JSON values are equal; ``1`` and ``True`` are not."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def shown(value: object, limit: int = 200) -> str:
    """Write a value as it would stand in Python source, within bounds."""
    return bounded(repr(value), limit)
