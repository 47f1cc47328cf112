"""The packets of a step, read by `checker.packets`, with an event's name parted from its data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from checker import packets as wire
from checker.packets import Meaning, Part

SEPARATOR = "\x1e"
"""Stands between the packets of one polling body."""
_EVENT = re.compile(r'\[("(?:[^"\\]|\\.)*")(,?)(.*)\]', re.DOTALL)


@dataclass(frozen=True)
class Packet:
    """One packet: its ``text`` (bytes in hexadecimal) and what it means."""

    text: str
    meaning: Meaning

    @property
    def kind(self) -> str:
        """The innermost kind in words: ``event``, ``ping probe``, ``connect error``."""
        return self.meaning.kind.replace("_", " ")

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The pieces in order; joined they are the text. Punctuation means nothing."""
        *before, last = self.meaning.parts
        found = _EVENT.fullmatch(last.text) if self.meaning.event is not None else None
        if found is None:
            return self.meaning.parts
        name, comma, rest = found.groups()
        data = [Part(comma, ""), Part(rest, "the data, as JSON")] if rest else []
        return (*before, Part("[", ""), Part(name, "the event's name"), *data, Part("]", ""))

    @cached_property
    def telling(self) -> tuple[Part, ...]:
        """The pieces that mean something."""
        return tuple(part for part in self.parts if part.means)


def read_body(text: str) -> tuple[Packet, ...]:
    """Read a frame's text, or the body of a polling request or answer."""
    return tuple(Packet(each, wire.read(each)) for each in text.split(SEPARATOR) if each)


def read_bytes(data: bytes) -> tuple[Packet, ...]:
    """Read a binary frame."""
    return (Packet(data.hex(" "), wire.read_bytes(data)),)
