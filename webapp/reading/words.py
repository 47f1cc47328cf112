"""Words of the course, and what a word with a slip was meant to be."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable

PART = re.compile(r"[^\W_]+")
"""A word; an underscore parts two."""


class Vocabulary:
    """A set of words with their number, to find what a word with a slip was meant to be."""

    def __init__(self, words: Iterable[str]) -> None:
        self.counts = Counter(words)
        self._by_pair: dict[str, set[str]] = {}
        for word in self.counts:
            for pair in _pairs(word):
                self._by_pair.setdefault(pair, set()).add(word)

    def nearest(self, word: str) -> str:
        """Return the known word most like ``word``, or ``word`` itself."""
        if word in self.counts or len(word) < 3:
            return word
        shared = Counter(each for pair in _pairs(word) for each in self._by_pair.get(pair, ()))
        likely = [each for each, _ in shared.most_common(40) if abs(len(each) - len(word)) < 4]
        near = difflib.get_close_matches(word, likely, n=1, cutoff=0.7)
        return near[0] if near else word


def _pairs(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}
