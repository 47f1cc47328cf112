"""What a visitor reads of an answer, word for word."""

import re
from collections.abc import Mapping

from checker import visible_lines

MOST = 50_000
"""Characters of a page that are read."""


def words_of(text: str, headers: Mapping[str, str]) -> str:
    """Return what a visitor reads in a response, with every blank space made one space."""
    kind = next((v for k, v in headers.items() if k.lower() == "content-type"), "text/html")
    if "html" in kind:
        return " ".join(visible_lines(text[:MOST]))
    return " ".join(text.split())


def letters(text: str) -> str:
    """Return a text without what stands between its words."""
    return re.sub(r"\W", "", text)
