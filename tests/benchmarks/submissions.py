"""The same submissions for everybody: right ones and mistakes, mixed, no two of them alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, zip_longest
from pathlib import Path

from checker.lesson import Lesson, Variant
from checker.submission import Submission

MISTAKES = 5
"""Every so many-eth submission is a mistake; the others are right, each in its own way."""


@dataclass(frozen=True)
class Program:
    """One learner's work: ``kind`` is its folder in the lesson, ``passes`` what must come out."""

    learner: str
    kind: str
    files: Mapping[str, bytes]
    passes: bool

    def submission(self) -> Submission:
        """Return it as the checker takes it."""
        return Submission.from_files(self.files)

    def write(self, folder: Path) -> Path:
        """Write it into ``folder/<learner>`` and return that."""
        home = folder / self.learner
        for name, data in self.files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return home


def mixed(lesson: Lesson, count: int) -> list[Program]:
    """Return ``count`` programs: the solution and all accepted ways in turn, and mistakes."""
    right = cycle([("solution", lesson.solution()), *_named("accepted", lesson.accepted())])
    wrong = cycle(list(_mistakes(lesson)))
    return [
        _program(number, *next(wrong if number % MISTAKES == MISTAKES - 1 else right))
        for number in range(count)
    ]


def solutions(lesson: Lesson, count: int) -> list[Program]:
    """Return the solution, ``count`` times, each with a comment of its own."""
    return [_program(number, "solution", lesson.solution()) for number in range(count)]


def described(programs: Sequence[Program]) -> list[str]:
    """Name the programs and say how often each is there."""
    counts = Counter(program.kind for program in programs)
    return [f"{kind} ({many})" if many > 1 else kind for kind, many in sorted(counts.items())]


def _program(number: int, kind: str, files: Mapping[str, bytes]) -> Program:
    # Nobody is to gain from having seen the very same text before.
    own = {**files, "app.py": files["app.py"] + b"\n# From learner %d.\n" % number}
    return Program(f"learner{number:04}", kind, own, not kind.startswith("mistakes/"))


def _named(where: str, variants: Sequence[Variant]) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    for variant in variants:
        yield f"{where}/{variant.name}", variant.files


def _mistakes(lesson: Lesson) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """Yield a mistake for each check, in page order, and then a second one for each."""
    by_check: dict[str, list[Variant]] = {check.name: [] for check in lesson.checks()}
    for variant in lesson.mistakes():
        if variant.check in by_check and "app.py" in variant.files:  # else no check can run
            by_check[variant.check].append(variant)
    for row in zip_longest(*by_check.values()):
        for variant in filter(None, row):
            yield f"mistakes/{variant.check}/{variant.name}", variant.files
