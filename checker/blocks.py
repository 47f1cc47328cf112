"""The code blocks of a page: what stands in each fence, and how it is to be run."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```[ ]*$", re.M | re.S)
KINDS = ("run", "serve", "output", "fails", "quoted")
DATA = ("console", "json", "toml", "ini", "nginx", "html", "text")


class BlockError(Exception):
    """A fence says something that no block can be."""


@dataclass(frozen=True, slots=True)
class Block:
    """One fence. ``kind`` is one of `KINDS`, or empty for data; ``value`` what ``kind=`` names."""

    language: str
    kind: str
    body: str
    line: int
    value: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


def blocks(prose: str) -> list[Block]:
    """Return the fenced blocks of ``prose``, in order; raise `BlockError` for an odd one."""
    return [_block(match, prose) for match in _FENCE.finditer(prose)]


def _block(match: re.Match[str], prose: str) -> Block:
    line = prose.count("\n", 0, match.start()) + 1
    try:
        words = shlex.split(match["info"])
    except ValueError:
        raise BlockError(f"the code block in line {line} has an unclosed quote.") from None
    language = words[0] if words else ""
    attributes = dict(_attribute(word) for word in words[1:])
    kinds = [name for name in KINDS if name in attributes]
    if len(kinds) > 1 or (not kinds and language not in DATA):
        raise BlockError(
            f"the {language or 'plain'} block in line {line} must say one of {', '.join(KINDS)}."
        )
    kind = kinds[0] if kinds else ""
    return Block(language, kind, match["body"], line, attributes.get(kind, ""), attributes)


def _attribute(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value
