"""One check on one app: from what happens in it to its result."""

from __future__ import annotations

import time
import traceback
from typing import Any

from checker.app import App
from checker.check import Check, Failure
from checker.report import MESSAGE_SHOWN, CheckResult, Outcome, bounded, excerpt, trimmed
from checker.stage.channel import Cancelled


def judge(check: Check, app: App) -> CheckResult:
    """Run a check on an app and return its result; raise `Cancelled` if the run was.

    An exception that is no `Failure` is a fault of ours: the result is ``broken``.
    """
    begun = time.monotonic()
    failure: Failure | None = None
    outcome: Outcome = "passed"
    message = None
    try:
        check.function(app)
    except Failure as error:
        failure, outcome, message = error, error.outcome, error.message
    except Cancelled:
        raise
    except RecursionError:
        failure = Failure(
            "Your source is nested too deeply for the checker to read.",
            help="Break very long expressions into several lines, with a name for each part.",
        )
        outcome, message = "failed", failure.message
    except Exception as error:
        return broken(check, error, app.output, time.monotonic() - begun)
    return _result(
        check,
        outcome,
        points=check.points if outcome == "passed" else 0,
        message=readable(message),
        help=readable(failure.help) if failure else None,
        line=failure.line if failure else None,
        expected=trimmed(failure.expected) if failure else None,
        observed=trimmed(failure.observed) if failure else None,
        output=readable(excerpt(app.output)) or "",
        seconds=time.monotonic() - begun,
    )


def skipped(check: Check, waits_for: str) -> CheckResult:
    """Return the result of a check that was not run."""
    return _result(check, "skipped", message=f"This waits for: {waits_for}")


def readable(text: str | None) -> str | None:
    """Bound a text and make it fit for UTF-8."""
    return bounded(text, MESSAGE_SHOWN).encode("utf-8", "replace").decode() if text else text


def lost(check: Check, seconds: float) -> CheckResult:
    """Return the result of a check whose end nobody waits for any more."""
    return _result(
        check,
        "timed_out",
        message="The checker could not make sense of your files in time.",
        help="Take out what your app does not need: very long lines, very large files.",
        seconds=seconds,
    )


def broken(check: Check, error: Exception, output: str = "", seconds: float = 0.0) -> CheckResult:
    """Return the result of a check in which the checker itself failed."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    message = (
        "The checker itself failed here; this is our fault, not yours. "
        f"({type(error).__name__}: {bounded(str(error), 200)}, {frame.name}:{frame.lineno})"
    )
    return _result(
        check,
        "broken",
        message=readable(message),
        output=readable(excerpt(output)) or "",
        seconds=seconds,
    )


def _result(check: Check, outcome: Outcome, *, points: int = 0, **found: Any) -> CheckResult:
    """Return a result with what is known of the check itself, and what was ``found``."""
    return CheckResult(
        name=check.name,
        title=check.title,
        task=check.task,
        outcome=outcome,
        points=points,
        max_points=check.points,
        **found,
    )
