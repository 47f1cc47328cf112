"""What is different between two states of somebody's files, line by line."""

from __future__ import annotations

import difflib
import re

from webapp.files import Files, as_text

MOST_LINES = 400
"""Lines that are shown."""
PLACE = re.compile(r"@@ -\S+ \+(\d+)")
KINDS = {"-": "theirs", "+": "mine", " ": "same", "@": "place"}


def difference(old: Files, new: Files, most: int = MOST_LINES) -> list[tuple[str, str]]:
    """Return the changed lines as (kind, text): file, place, same, mine, theirs or cut."""
    lines: list[tuple[str, str]] = []
    for name in sorted({*old, *new}):
        before, after = (_lines(files.get(name)) for files in (old, new))
        changed = list(difflib.unified_diff(before, after, n=3, lineterm=""))[2:]
        if changed:
            lines.append(("file", name))
            lines += [(KINDS[line[0]], _said(line)) for line in changed]
    if len(lines) > most:
        lines = [*lines[:most], ("cut", f"… and {len(lines) - most} lines more")]
    return lines


def _said(line: str) -> str:
    """Return a line as it is shown: for a place, where in the new file it is."""
    place = PLACE.match(line)
    return f"… from line {place[1]}" if place else line


def _lines(data: bytes | None) -> list[str]:
    if data is None:
        return []
    text = as_text(data)
    return ["(not a text)"] if text is None else text.splitlines()
