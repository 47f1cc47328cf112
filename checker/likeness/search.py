"""Who shares what hardly anyone else has: an index of rare features over one lesson's hand-ins."""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from checker.likeness.lines import RUN, Line, Reader, of_value

Files = Mapping[str, bytes]

MAX_FEATURES = 400
"""Features that are kept of one hand-in; of more, always the same ones are chosen."""
RARE = 50
"""What more learners than this have in common does not count (in a class under 150: a third)."""
LEAST_RARE = 5
"""But what this many have counts in the smallest class, too."""
MIN_SCORE = 9.0
MIN_LINES = 3
"""Shared lines, rare by themselves, that are worth a look; two more where only runs are rare."""
MAX_CLUSTERS = 40
MAX_PARTNERS = 8
"""Hand-ins that are compared line by line with the first of a cluster."""
MAX_WORK = 3_000_000
"""Steps on the way to these pairs, the rarest features first; a hostile class costs no more."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two hand-ins that share rare lines, the first of which sorts before the second.

    ``score`` adds up, over the shared lines, how much rarer each is than the commonest that still
    counts, in powers of two. It ranks, and means nothing else. ``rarest`` is how many learners
    have the rarest of the ``shared`` lines.
    """

    first: str
    second: str
    score: float
    shared: int
    rarest: int
    same_text: bool
    same_shape: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """Hand-ins that are like one of them: the first of each pair is the same.

    ``more`` counts those beyond `MAX_PARTNERS`, which were not compared.
    """

    pairs: tuple[Pair, ...]
    more: int

    @property
    def score(self) -> float:
        """The score of the most striking pair."""
        return self.pairs[0].score


@dataclass(frozen=True, slots=True)
class Shared:
    """How many learners have a line, or (``run``) have it with the same lines after it."""

    learners: int
    run: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One hand-in of a pair. ``shared`` has the places in ``lines`` of what the other has too;
    at the places ``given`` stand lines of the starter or of the solution.
    """

    lines: tuple[Line, ...]
    shared: Mapping[int, Shared]
    given: frozenset[int]


@dataclass(frozen=True, slots=True)
class _HandIn:
    learner: str
    text: bytes
    shape: int
    features: array[int]


class Search:
    """Takes one lesson's hand-ins in, about a kilobyte of each, and finds where to look."""

    def __init__(self, given: Iterable[Files], reading: Callable[[str], Files]) -> None:
        """``given`` are the apps that the course shows; ``reading`` gives a learner's files."""
        self._reader = Reader()
        self._given = _features(line for files in given for line in self._reader.read(files))
        self._reading = reading
        self._seen: dict[bytes, tuple[int, array[int]]] = {}
        self._handins: list[_HandIn] = []
        self._learners: Counter[int] = Counter()

    def add(self, learner: str, files: Files) -> None:
        """Take in one learner's hand-in; each learner comes once."""
        text = _digest(files)
        if text not in self._seen:
            self._seen[text] = self._known(files)
        shape, features = self._seen[text]
        self._handins.append(_HandIn(learner, text, shape, features))
        self._learners.update(features)

    def _known(self, files: Files) -> tuple[int, array[int]]:
        lines = self._reader.read(files)
        shape = of_value(*sorted(line.shape for line in lines if line.shape))
        return shape, array("Q", sorted(_features(lines) - self._given)[:MAX_FEATURES])

    @property
    def size(self) -> int:
        """How many hand-ins were taken in."""
        return len(self._handins)

    @property
    def without_own(self) -> int:
        """How many hold nothing but what the course gave."""
        return sum(not handin.features for handin in self._handins)

    @property
    def programs(self) -> tuple[int, ...]:
        """How many handed in each program, names and layout apart, the commonest first."""
        return tuple(sorted(Counter(one.shape for one in self._handins).values(), reverse=True))

    def clusters(self) -> list[Cluster]:
        """Return what is worth a look, the most striking first; nobody is in two clusters."""
        found = []
        for first, partners in self._stars(self._candidates()):
            pairs = self._compared(first, partners[:MAX_PARTNERS])
            worth = [pair for pair in pairs if pair.score >= MIN_SCORE]
            worth.sort(key=lambda pair: (-pair.score, pair.second))
            if worth:
                found.append(Cluster(tuple(worth), max(0, len(partners) - MAX_PARTNERS)))
        return sorted(found, key=lambda cluster: (-cluster.score, cluster.pairs[0].first))

    def _candidates(self) -> list[tuple[int, int]]:
        """Return the pairs that share rare features, by their places, most shared first."""
        holders: defaultdict[int, list[int]] = defaultdict(list)
        for place, handin in enumerate(self._handins):
            for feature in handin.features:
                if self._is_rare(feature):
                    holders[feature].append(place)
        scores: defaultdict[tuple[int, int], float] = defaultdict(float)
        work = 0
        for _, places in sorted(holders.items(), key=lambda item: (len(item[1]), item[0])):
            work += len(places) ** 2 // 2
            if work > MAX_WORK:
                break
            weight = self._weight(len(places))
            for pair in combinations(places, 2):
                scores[pair] += weight
        return sorted(scores, key=lambda pair: (-scores[pair], pair))

    @staticmethod
    def _stars(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, list[int]]]:
        """Gather pairs round one of their hand-ins, so that twenty copies are one thing to see."""
        stars: dict[int, list[int]] = {}
        taken: set[int] = set()
        for first, second in pairs:
            for middle, other in ((first, second), (second, first)):
                fresh = middle not in taken and len(stars) < MAX_CLUSTERS
                if other not in taken and (middle in stars or fresh):
                    stars.setdefault(middle, []).append(other)
                    taken |= {middle, other}
                    break
        return list(stars.items())

    @property
    def _most(self) -> int:
        """How many learners may have in common what counts."""
        return min(RARE, max(LEAST_RARE, self.size // 3))

    def _is_rare(self, feature: int) -> bool:
        return 2 <= self._learners[feature] <= self._most

    def _weight(self, learners: int) -> float:
        return math.log2(2 * self._most / learners)

    def _compared(self, first: int, partners: Iterable[int]) -> list[Pair]:
        """Compare one hand-in with others line by line; pairs that share too little are left."""
        one = self._handins[first]
        lines = self._lines(one.learner)
        pairs = []
        for two in map(self._handins.__getitem__, partners):
            side, other = self._sides(lines, self._lines(two.learner))
            if not (_is_enough(side) and _is_enough(other)):
                continue
            counts = [shared.learners for shared in side.shared.values()]
            pairs.append(
                Pair(
                    one.learner,
                    two.learner,
                    score=sum(map(self._weight, sorted(counts))),
                    shared=min(len(counts), len(other.shared)),
                    rarest=min(counts),
                    same_text=one.text == two.text,
                    same_shape=one.shape == two.shape,
                )
            )
        return pairs

    def beside(self, first: str, second: str) -> tuple[Side, Side]:
        """Return two hand-ins with what they share marked in each."""
        return self._sides(self._lines(first), self._lines(second))

    def _lines(self, learner: str) -> list[Line]:
        return self._reader.read(self._reading(learner))

    def _sides(self, first: list[Line], second: list[Line]) -> tuple[Side, Side]:
        common = _features(first) & _features(second) - self._given
        rare = frozenset(filter(self._is_rare, common))
        return self._side(first, rare), self._side(second, rare)

    def _side(self, lines: list[Line], rare: frozenset[int]) -> Side:
        """Mark shared lines. What a line is rare by is counted once in a program."""
        shared: dict[int, Shared] = {}
        counted: set[int] = set()
        given = frozenset(n for n, line in enumerate(lines) if line.features <= self._given)
        for place, line in enumerate(lines):
            features = (_of_line(line) & rare) - counted
            if features and place not in given:
                rarest = min(features, key=lambda one: (self._learners[one], one == line.run, one))
                counted.add(rarest)
                run = rarest == line.run
                shared[place] = Shared(self._learners[rarest], run)
        return Side(tuple(lines), shared, given)


def _is_enough(side: Side) -> bool:
    alone = sum(not shared.run for shared in side.shared.values())
    return alone >= MIN_LINES or len(side.shared) >= MIN_LINES + RUN - 1


def _of_line(line: Line) -> frozenset[int]:
    return line.features if line.run is None else line.features | {line.run}


def _features(lines: Iterable[Line]) -> frozenset[int]:
    return frozenset(feature for line in lines for feature in _of_line(line))


def _digest(files: Files) -> bytes:
    total = hashlib.blake2b(digest_size=16)
    for name, data in sorted(files.items()):
        total.update(hashlib.blake2b(name.encode("utf-8", "surrogatepass")).digest())
        total.update(hashlib.blake2b(data).digest())
    return total.digest()
