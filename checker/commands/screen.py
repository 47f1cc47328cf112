"""Where a command speaks to a person: colour and a moving line on a terminal, else plain text."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TextIO

from checker.formats.terminal import Line, Style, wants_colour, write


def line(text: str = "", style: Style = "", indent: int = 0) -> Line:
    """Make a line of one style."""
    return Line(((text, style),), indent)


def relative(path: Path) -> str:
    """Return ``path`` as seen from the current folder, where that is the shorter way to say it."""
    try:
        shorter = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return shorter if len(shorter) < len(str(path)) else str(path)


class Screen:
    """Writes lines to ``out``; ``quiet`` writes nothing."""

    def __init__(self, out: TextIO, *, quiet: bool = False) -> None:
        """Look once at what ``out`` is: a terminal with colour, or something plainer."""
        self._out = out
        self._quiet = quiet
        self.rich = wants_colour(out) and not quiet
        self._status = False

    @property
    def width(self) -> int:
        """Columns of the terminal; 80 where there is none."""
        return shutil.get_terminal_size().columns if self.rich else 80

    def say(self, *lines: Line | str) -> None:
        """Write lines, below whatever is there."""
        if self._quiet:
            return
        self.status("")
        for item in lines:
            if str(item):
                write([line(item) if isinstance(item, str) else item], self._out)
            else:
                self._out.write("\n")
        self._out.flush()

    def status(self, text: str) -> None:
        """Show what is going on in one line that the next one replaces; on terminals only."""
        if not self.rich or not (text or self._status):
            return
        shown = text[: self.width - 1]
        self._out.write(f"\r\x1b[2K\x1b[2m{shown}\x1b[0m" if shown else "\r\x1b[2K")
        self._out.flush()
        self._status = bool(shown)

    def clear(self) -> None:
        """Begin again at the top of a terminal; what was there can be scrolled back to."""
        if self.rich:
            self._out.write("\x1b[2J\x1b[H")
            self._status = False
