"""What a page shows to a reader, as far as its HTML tells."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["visible_lines"]

_INLINE = frozenset(
    {
        *("a", "abbr", "b", "code", "em", "font", "i", "mark", "q", "s", "small", "span"),
        *("strong", "sub", "sup", "u", "wbr"),
    }
)
"""Tags that stand inside a sentence; every other tag ends a line."""
_UNSEEN = frozenset({"noscript", "script", "style", "template", "title"})
"""Tags whose text no visitor reads; `head` is none of them, for its end may be left out."""


def visible_lines(html: str) -> list[str]:
    """Return the lines of text that a visitor reads, with single spaces in them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.parts).split("\n")
    return [line for part in lines if (line := " ".join(part.split()))]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        if tag in _UNSEEN:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        self.parts.append("" if tag in _INLINE else "\n")
