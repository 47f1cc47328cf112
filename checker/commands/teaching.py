"""What `course grade`, `course audit` and `course doctor` show of their work."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from checker.commands.screen import Screen, line, relative
from checker.formats import text
from checker.formats.terminal import Line, Style

if TYPE_CHECKING:
    from checker import audit
    from checker.classroom import Standing
    from checker.commands import doctor
    from checker.grade import Graded, Step

BAR = 24
"""Columns of a progress bar."""


def bar(done: int, total: int, says: str, seconds_left: float | None = None) -> str:
    """Return a progress bar as text: how far, of what, and for how long still."""
    filled = BAR * done // total if total else BAR
    left = f", {duration(seconds_left)} left" if seconds_left is not None else ""
    return f"{'━' * filled}{'╌' * (BAR - filled)} {done}/{total} {text.name(says)}{left}"


def duration(seconds: float) -> str:
    """Say a number of seconds as people do: ``40 s``, ``3 min``."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


_SAID: dict[Standing, str] = {
    "passed": "passed",
    "failed": "failed",
    "error": "error",
    "ungraded": "not graded, by our fault",
}


class GradeProgress:
    """Tells how far a run is: a moving bar on a terminal, else a line every twentieth part."""

    def __init__(self, screen: Screen) -> None:
        """Speak on ``screen``, which had better not be where the results go."""
        self._screen = screen
        self._told = -1

    def __call__(self, step: Step) -> None:
        """Take in one more finished submission."""
        what = f"{step.learner}, {step.lesson}"
        if self._screen.rich:
            self._screen.status(bar(step.done, step.total, what, step.seconds_left))
            return
        part = 20 * step.done // step.total
        if part > self._told:
            self._told = part
            known = step.seconds_left is not None and step.done < step.total
            left = f", {duration(step.seconds_left or 0)} left" if known else ""
            self._screen.say(
                f"{step.done}/{step.total} {text.name(what)}: {_SAID[step.status]}{left}"
            )

    def notice(self, sentence: str) -> None:
        """Say what is going on besides: a step for as long as it lasts, a warning for good."""
        if sentence.endswith("…") and self._screen.rich:
            self._screen.status(sentence)
        else:
            self._screen.say(line(sentence, "dim" if sentence.endswith("…") else "bad"))


def graded_lines(graded: Graded) -> Iterator[Line | str]:
    """Yield what a run of `course grade` came to, lesson by lesson."""
    again = f", {graded.reused} of them from an earlier run" if graded.reused else ""
    total = sum(item.handed_in for item in graded.classroom.lessons)
    yield f"{_count(len(graded.classroom.rows), 'learner')}, {_count(total, 'submission')}{again}."
    for item in filter(lambda count: count.handed_in, graded.classroom.lessons):
        parts = [f"{item.passed} passed", f"{item.failed} did not"]
        parts += [f"{item.error} could not be checked"] * bool(item.error)
        parts += [f"{item.ungraded} by our fault not graded"] * bool(item.ungraded)
        style: Style = "good" if item.passed == item.handed_in else ""
        yield line(f"{item.column.lesson}: {', '.join(parts)}", style, 2)
    for row in graded.classroom.rows:
        for problem in row.problems:
            yield line(f"{text.name(row.learner)}: {text.one_line(problem, 300)}", "bad", 2)
    if graded.ignored:
        shown = ", ".join(map(text.name, graded.ignored[:5]))
        more = f" and {len(graded.ignored) - 5} more" if len(graded.ignored) > 5 else ""
        yield line(f"Not a submission, and left out: {shown}{more}", "dim")
    if graded.unmatched:
        shown = ", ".join(map(text.name, graded.unmatched[:5]))
        more = f" and {len(graded.unmatched) - 5} more" if len(graded.unmatched) > 5 else ""
        yield line(f"Not in the roster, and so not in its gradebook: {shown}{more}", "bad")
    if graded.sandbox == "process":
        yield line("Graded without a sandbox; every report says so.", "bad")
    if graded.alike:
        yield "Some hand-ins are alike; alike/index.html in the results says where to look."
    yield f"Gradebook, report and pages are in {relative(graded.out)}; begin with index.html."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def show_audit(
    findings: Iterable[audit.Finding], screen: Screen, lessons: int, begun: float
) -> bool:
    """Show each broken promise as it is found; return whether there was none.

    ``begun`` is the moment of `time.monotonic` at which the audit began.
    """
    noun = "lesson" if lessons == 1 else "lessons"
    screen.status(f"Auditing {lessons} {noun} …")
    count = 0
    for finding in findings:
        count += 1
        screen.say(Line(((f"{finding.where}: ", "bold"), (text.message(finding.sentence), ""))))
        screen.status(f"Auditing {lessons} {noun} …")
    took = f"{time.monotonic() - begun:.1f} s"
    if count:
        promises = "1 promise is" if count == 1 else f"{count} promises are"
        screen.say("", line(f"{promises} broken ({lessons} {noun}, {took}).", "bad"))
    else:
        screen.say(line(f"Every promise is kept ({lessons} {noun}, {took}).", "good"))
    return count == 0


def show_findings(findings: Iterable[doctor.Finding], screen: Screen) -> bool:
    """Show what the doctor finds, as it is found; return whether nothing is bad."""
    marks: dict[doctor.State, tuple[str, Style]] = {
        "good": ("✔", "good"),
        "note": ("!", "hint"),
        "bad": ("✘", "bad"),
    }
    healthy = True
    screen.status("Looking …")
    for finding in findings:
        mark, style = marks[finding.state]
        says = text.one_line(finding.text)
        screen.say(Line(((f"{mark} ", style), (f"{finding.name}: ", "bold"), (says, ""))))
        if finding.advice:
            screen.say(line(finding.advice, "hint", 4))
        healthy = healthy and finding.state != "bad"
        screen.status("Looking …")
    screen.status("")
    return healthy
