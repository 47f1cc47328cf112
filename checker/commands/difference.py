"""The learner's files beside the solution's; both are only read."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from checker.commands.screen import line
from checker.formats import text
from checker.formats.terminal import Line, Style

WIDE = 100
"""Columns from which on two versions fit beside each other."""
_TAB = 4


def render(mine: Mapping[str, bytes], ours: Mapping[str, bytes], width: int) -> Iterator[Line]:
    """Yield the differences file by file: beside each other from `WIDE` columns on, else unified.

    A line that starts with ``-`` is the learner's, one with ``+`` the solution's.
    """
    for name in sorted(mine.keys() | ours.keys()):
        yield from _file(name, mine.get(name), ours.get(name), width)


def _file(name: str, mine: bytes | None, ours: bytes | None, width: int) -> Iterator[Line]:
    shown = text.name(name)
    if mine == ours:
        yield line(f"{shown}: the same as the solution", "good")
        return
    if ours is None:
        yield line(f"{shown}: the solution has no such file", "dim")
        return
    if b"\0" in ours or b"\0" in (mine or b""):
        yield line(f"{shown}: not a text, and not the same", "bold")
        return
    before, after = _rows(mine or b""), _rows(ours)
    yield line(shown if mine is not None else f"{shown}: you have no such file yet", "bold")
    yield from _beside(before, after, width) if width >= WIDE else _unified(before, after)
    yield Line()


def _rows(data: bytes) -> list[str]:
    decoded = data.decode("utf-8", "replace").expandtabs(_TAB)
    return [text.clean(row) for row in decoded.splitlines()]


def _unified(mine: Sequence[str], ours: Sequence[str]) -> Iterator[Line]:
    styles: dict[str, Style] = {"-": "bad", "+": "good", "@": "dim"}
    rows = difflib.unified_diff(mine, ours, "yours", "solution", lineterm="", n=3)
    for number, row in enumerate(rows):
        yield line(row, "bold" if number < 2 else styles.get(row[:1], ""))


def _beside(mine: Sequence[str], ours: Sequence[str], width: int) -> Iterator[Line]:
    column = (width - 4) // 2
    yield Line(((f"  {_fit('yours', column)} ", "dim"), ("solution", "dim")))
    matcher = difflib.SequenceMatcher(None, mine, ours, autojunk=False)
    for kind, m1, m2, o1, o2 in matcher.get_opcodes():
        for step in range(max(m2 - m1, o2 - o1)):
            left = mine[m1 + step] if m1 + step < m2 else None
            right = ours[o1 + step] if o1 + step < o2 else None
            yield _pair(left, right, column, kind == "equal")


def _pair(left: str | None, right: str | None, column: int, same: bool) -> Line:
    marks = (
        (" ", " ")
        if same
        else ("-" if left is not None else " ", "+" if right is not None else " ")
    )
    styles: tuple[Style, Style] = ("", "") if same else ("bad", "good")
    return Line(
        (
            (f"{marks[0]} {_fit(left or '', column)}", styles[0]),
            (" ", ""),
            (f"{marks[1]} {_fit(right or '', column - 3).rstrip()}", styles[1]),
        )
    )


def _fit(row: str, columns: int) -> str:
    """Cut or pad ``row`` to ``columns`` terminal columns (wide characters take two)."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(row) > columns:
        return set_cell_size(row, columns - 1) + "…"
    return set_cell_size(row, columns)
