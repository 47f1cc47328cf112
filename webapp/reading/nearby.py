"""The known error that a text resembles: cut off, retyped with a slip, or wrapped by a log.

The traps know an error text when they see it as it was printed. This finds the one whose words a
text has, if no trap knows it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from checker.explain import Trap
from webapp.reading.words import PART, Vocabulary

LEAST, MOST = 4, 40
"""Words of an error text that is compared; fewer say too little."""
MOST_LINES = 40
"""Last lines of a question that are compared."""
MOST_SLIPS = 40
"""Different words of a question that are looked at for a slip."""
LONGEST_WORD = 30
COVERED = 0.75
"""Share of an error text, by weight, that makes a text resemble it."""
BEGUN, PURE = 0.4, 0.85
"""The same for a part of it: this share of the error, and of a text that says little else."""


@dataclass(frozen=True, slots=True)
class _Known:
    trap: Trap
    words: frozenset[str]


class Nearby:
    """Finds the trap whose error text a question resembles."""

    def __init__(self, traps: Iterable[Trap]) -> None:
        self._known = [each for trap in traps if not trap.notice for each in _texts(trap)]
        self._vocabulary = Vocabulary(word for each in self._known for word in each.words)

    def find(self, question: str) -> Trap | None:
        """Return the trap that ``question`` resembles most, if it resembles one enough."""
        lines = [line for line in question.splitlines() if line.strip()][-MOST_LINES:]
        slips = self._slips(lines)
        best, found = 0.0, None
        for part in _parts(lines):
            words = frozenset(slips.get(word, word) for word in _words(part))
            for known in self._known:
                likeness = self._likeness(known.words, words)
                if likeness > best:
                    best, found = likeness, known.trap
        return found

    def _likeness(self, known: frozenset[str], words: frozenset[str]) -> float:
        """From 0, not alike enough, to 1."""
        shared = known & words
        if len(shared) < LEAST:
            return 0.0
        weight = self._weight(shared)
        covered, pure = weight / self._weight(known), weight / self._weight(words)
        if covered >= COVERED or (covered >= BEGUN and pure >= PURE):
            return covered * (0.5 + pure / 2)
        return 0.0

    def _weight(self, words: frozenset[str]) -> float:
        """Words that many error texts have say little."""
        most = len(self._known) + 1
        return sum(math.log(most / (1 + self._vocabulary.counts.get(word, 0))) for word in words)

    def _slips(self, lines: list[str]) -> dict[str, str]:
        counts = self._vocabulary.counts
        fresh = dict.fromkeys(
            w for line in reversed(lines) for w in _words(line) if w not in counts
        )
        return {word: self._vocabulary.nearest(word) for word in list(fresh)[:MOST_SLIPS]}


def _texts(trap: Trap) -> Iterator[_Known]:
    """What the patterns of a trap find in its examples."""
    for pattern in trap.patterns:
        for example in trap.examples:
            if found := pattern.search(example):
                words = frozenset(_words(found[0]))
                if LEAST <= len(words) <= MOST:
                    yield _Known(trap, words)


def _parts(lines: list[str]) -> Iterator[str]:
    """Each line, and each two in a row: terminals and logs wrap."""
    yield from lines
    for first, second in pairwise(lines):
        yield f"{first} {second}"


def _words(text: str) -> list[str]:
    return [word for word in PART.findall(text.lower()) if len(word) <= LONGEST_WORD]
