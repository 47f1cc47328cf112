"""What a page shows to a reader, as far as its HTML tells."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from urllib.parse import SplitResult, urlsplit

__all__ = ["url_parts", "visible_lines"]

_INLINE = frozenset(
    {
        *("a", "abbr", "b", "code", "em", "font", "i", "mark", "q", "s", "small", "span"),
        *("strong", "sub", "sup", "u", "wbr"),
    }
)
"""Tags that stand inside a sentence; every other tag ends a line."""
_UNSEEN = frozenset({"noscript", "script", "style", "template", "title"})
"""Tags whose text no visitor reads; `head` is none of them, for its end may be left out."""
MOST = 50_000
"""Characters of a page that are read."""


def visible_lines(html: str) -> list[str]:
    """Return the lines of text that a visitor reads, with single spaces in them.

    Read are the first `MOST` characters.
    """
    reader = _Reader()
    reader.read(html[:MOST])
    lines = "".join(reader.parts).split("\n")
    return [line for part in lines if (line := " ".join(part.split()))]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._open: Counter[str] = Counter()

    def read(self, html: str) -> None:
        """Read a page from beginning to end.

        `close` looks anew, to the end, for each tag and comment that is begun and never ended, so
        such a rest is kept from it.
        """
        self.feed(html)
        while self.rawdata.startswith("<") and self.cdata_elem is None:
            rest = self.rawdata
            self.rawdata = ""
            if rest.startswith("<!--"):  # the rest of the page is a comment, as in a browser
                return
            # No tag has begun: it is text up to the next mark, with which a tag could have ended.
            end = rest.find(">") + 1 or len(rest)
            self.handle_data(unescape(rest[:end]))
            self.feed(rest[end:])
        self.close()

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Read ``<![…>`` as a comment, as browsers do; Python's parser stops at some."""
        return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        if tag in _UNSEEN:
            self._open[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)
        if self._open[tag]:
            self._open[tag] -= 1

    def handle_data(self, data: str) -> None:
        if not self._open.total():
            self.parts.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        self.parts.append("" if tag in _INLINE else "\n")


def url_parts(url: str) -> SplitResult:
    """Split an address that a stranger wrote; the parts are empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
