"""Pages on hand-ins that are alike: an overview, and per lesson the programs side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

from checker.formats.html import Paper
from checker.likeness.search import Cluster, Pair, Shared, Side

SHOWN = 3
"""Pairs of one cluster that are set side by side."""
MOST_LINES = 150
"""Lines of one hand-in that are set side by side."""
MOST_TOGETHER = 100
"""Pairs that the overview names as alike in more than one lesson."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in one lesson. ``programs`` counts those that differ by more than names."""

    lesson: str
    size: int
    without_own: int
    programs: int
    commonest: int
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Two learners who are alike in more than one lesson."""

    first: str
    second: str
    lessons: tuple[str, ...]


def overview(paper: Paper, lessons: Sequence[Seen], page_name: Callable[[str], str]) -> str:
    """Return the page on all lessons; ``page_name`` gives the file of a learner's page."""
    several = together(lessons)[:MOST_TOGETHER]
    return paper.page("alike.html", lessons=lessons, several=several, page_name=page_name)


def lesson(
    paper: Paper,
    seen: Seen,
    beside: Callable[[str, str], tuple[Side, Side]],
    page_name: Callable[[str], str],
) -> Iterator[str]:
    """Yield the page of one lesson in pieces; ``beside`` gives the two sides of a pair."""
    clusters = (_cluster(cluster, seen.size, beside) for cluster in seen.clusters)
    yield from paper.pieces("alike_lesson.html", seen=seen, clusters=clusters, page_name=page_name)


def together(lessons: Sequence[Seen]) -> list[Together]:
    """Return who is alike in more than one lesson, first those in most lessons."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for seen in lessons:
        for cluster in seen.clusters:
            names = {name for pair in cluster.pairs for name in (pair.first, pair.second)}
            for both in combinations(sorted(names), 2):
                found[both].append(seen.lesson)
    several = [Together(*both, tuple(slugs)) for both, slugs in found.items() if len(slugs) > 1]
    return sorted(several, key=lambda both: (-len(both.lessons), both.first, both.second))


def said(pair: Pair, size: int) -> str:
    """Say in one sentence what two hand-ins share."""
    lines = f"{pair.shared} lines that few others have"
    rarest = f"the rarest is in {pair.rarest} of {size} hand-ins"
    if pair.same_text:
        return f"the same files to the letter; {lines}, {rarest}."
    if pair.same_shape:
        return f"the same program under other names; {lines}, {rarest}."
    return f"{lines}; {rarest}."


def _cluster(
    cluster: Cluster, size: int, beside: Callable[[str, str], tuple[Side, Side]]
) -> dict[str, Any]:
    first = cluster.pairs[0].first
    shown = [
        {"second": pair.second, "sides": [_side(side) for side in beside(first, pair.second)]}
        for pair in cluster.pairs[:SHOWN]
    ]
    return {
        "first": first,
        "others": len(cluster.pairs) + cluster.more,
        "pairs": [{"second": pair.second, "said": said(pair, size)} for pair in cluster.pairs],
        "more": cluster.more,
        "shown": shown,
    }


def _side(side: Side) -> dict[str, Any]:
    rows = [
        {
            "file": line.file,
            "number": line.number,
            "text": line.text.expandtabs(4),
            "kind": _kind(place, side),
            "has": _has(side.shared.get(place)),
        }
        for place, line in enumerate(side.lines[:MOST_LINES])
    ]
    files = [
        {"name": name, "lines": list(lines)}
        for name, lines in groupby(rows, key=lambda row: row["file"])
    ]
    return {"files": files, "left_out": max(0, len(side.lines) - MOST_LINES)}


def _has(shared: Shared | None) -> str:
    if shared is None:
        return ""
    return f"{shared.learners} have it{' and what follows' if shared.run else ''}"


def _kind(place: int, side: Side) -> str:
    if place in side.shared:
        return "shared"
    return "given" if place in side.given else "own"
