"""What a benchmark found: ratios first, then tables; as plain text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Cell = str | float | int | None


@dataclass(frozen=True)
class Ratio:
    """One figure that is asked for: a ratio, or a value in ``unit``, against its ``bound``."""

    what: str
    value: float | None
    unit: str = "×"
    bound: float | None = None
    way: Literal["at least", "at most"] = "at most"
    detail: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the bound is kept; None when there is none, or nothing was measured."""
        if self.value is None or self.bound is None:
            return None
        return self.value >= self.bound if self.way == "at least" else self.value <= self.bound

    def cells(self) -> tuple[Cell, ...]:
        """Return the ratio as a row of the first table."""
        value = "not measured" if self.value is None else f"{number(self.value)} {self.unit}"
        asked = "" if self.bound is None else f"{self.way} {number(self.bound)} {self.unit}"
        return (
            self.what,
            value,
            asked,
            {True: "kept", False: "MISSED", None: ""}[self.kept],
            (self.detail),
        )


@dataclass(frozen=True)
class Table:
    """Rows of cells; a column's head names the unit of its numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield the table as lines of text: words to the left, numbers to the right."""
        texts = [self.columns, *(tuple(map(shown, row)) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        numeric = [
            all(isinstance(row[i], int | float | None) for row in self.rows)
            for i in range(len(self.columns))
        ]
        yield self.title
        for text in texts:
            cells = (
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(text, widths, numeric, strict=True)
            )
            yield f"  {'   '.join(cells)}".rstrip()
        yield from (f"  {note}" for note in self.notes)


@dataclass
class Findings:
    """All that a command found."""

    ratios: list[Ratio] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Take in what another part found."""
        self.ratios += other.ratios
        self.tables += other.tables

    def lines(self) -> Iterator[str]:
        """Yield everything as text, the ratios first."""
        if self.ratios:
            rows = tuple(ratio.cells() for ratio in self.ratios)
            yield from Table("Ratios", ("", "here", "asked for", "", ""), rows).lines()
            yield ""
        for table in self.tables:
            yield from table.lines()
            yield ""

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain values, numbers unrounded."""
        return {
            "ratios": [{**asdict(ratio), "kept": ratio.kept} for ratio in self.ratios],
            "tables": [asdict(table) for table in self.tables],
        }


def number(value: float) -> str:
    """Write a number with three digits that count, or all before the point."""
    if isinstance(value, int) or value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def shown(cell: Cell) -> str:
    """Write a cell."""
    if cell is None:
        return "–"
    return cell if isinstance(cell, str) else number(cell)


def wrapped(words: Iterable[str], width: int = 96) -> Iterator[str]:
    """Yield words as lines of text, parted by commas."""
    import textwrap

    yield from textwrap.wrap(", ".join(words), width, break_on_hyphens=False)
