"""What belongs to a failure besides its message: the learner's own line, and the values."""

from __future__ import annotations

from collections.abc import Mapping

from checker.formats import text
from checker.report import CheckResult

ENTRY = "app.py"
MAX_LINE = 160


def quote(check: CheckResult, files: Mapping[str, bytes]) -> str | None:
    """Return ``app.py, line 12: emit('hi')``, or None where there is no such line.

    The line is one of ``app.py`` unless the check's message names another of the files.
    """
    if check.line is None:
        return None
    file = _named(check.message or "", check.line, files)
    lines = files.get(file, b"").decode("utf-8", "replace").splitlines()
    if not 1 <= check.line <= len(lines):
        return None
    return f"{text.name(file)}, line {check.line}: {text.one_line(lines[check.line - 1], MAX_LINE)}"


def _named(message: str, line: int, files: Mapping[str, bytes]) -> str:
    """The file that a message names, as messages do: with the line, else between backticks."""
    names = sorted(files, key=lambda name: (name != ENTRY, -len(name), name))
    for name in names:
        if f"ine {line} of `{name}`" in message or f" line is {line} of {name}." in message:
            return name
    if ENTRY in message:
        return ENTRY
    return next((name for name in names if f"`{name}`" in message), ENTRY)


def quotes(checks: tuple[CheckResult, ...], files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the quoted line of each check that did not pass and speaks of one, by check name."""
    found = ((check.name, quote(check, files)) for check in checks if not check.passed)
    return {name: line for name, line in found if line is not None}


def values(check: CheckResult) -> list[tuple[str, str]]:
    """Return (label, JSON) of what was asked and seen, as far as the message does not say it."""
    pairs = (("The task asks for", check.expected), ("The app gave", check.observed))
    said = text.clean(check.message or "")
    return [
        (label, text.value(value))
        for label, value in pairs
        if value is not None
        and text.value(value) not in said
        and text.clean(repr(value)) not in said
    ]
