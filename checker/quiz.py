"""The questions of a lesson or page: what they are, and how they are read from its quiz."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from checker.coursefile import CourseError, read_toml, require_keys

QuestionKind = Literal["predict", "recall", "myth"]

_PLACED = re.compile(r"^\{\{ quiz: ([a-z0-9-]+) \}\}$", re.M)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question, with the explanation that belongs to it."""

    text: str
    right: bool
    because: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with two to five choices, one of them right.

    ``program``, if there is one, prints exactly the text of the right choice (the audit runs it).
    """

    id: str
    kind: QuestionKind
    prompt: str
    choices: tuple[Choice, ...]
    explain: str
    program: str | None = None

    @property
    def right(self) -> Choice:
        """The right choice."""
        return next(choice for choice in self.choices if choice.right)


def read_questions(path: Path, *, optional: bool = False) -> tuple[Question, ...]:
    """Return the questions of a quiz; an ``optional`` one may be missing."""
    if optional and not path.is_file():
        return ()
    items = read_toml(path, set(), {"question"}).get("question", [])
    return tuple(_question(path, item) for item in items)


def _question(path: Path, item: Mapping[str, Any]) -> Question:
    where = f"{path.parent.name}/{path.name}"
    require_keys(where, item, {"id", "kind", "prompt", "explain", "choice"}, {"program"})
    if item["kind"] not in get_args(QuestionKind):
        raise CourseError(f"{where}: kind is one of {', '.join(get_args(QuestionKind))}.")
    for choice in item["choice"]:
        require_keys(where, choice, {"text", "because"}, {"right"})
    choices = tuple(
        Choice(choice["text"], bool(choice.get("right")), choice["because"])
        for choice in item["choice"]
    )
    if not 2 <= len(choices) <= 5 or sum(choice.right for choice in choices) != 1:
        raise CourseError(f"{where}: {item['id']} needs two to five choices, exactly one right.")
    fields = {key: item.get(key) for key in ("id", "kind", "prompt", "explain", "program")}
    return Question(choices=choices, **fields)  # type: ignore[arg-type]


def require_placed(path: Path, prose: str, questions: tuple[Question, ...]) -> None:
    """Raise a CourseError unless what the prose places are questions, each there once."""
    placed = _PLACED.findall(prose)
    known = [question.id for question in questions]
    for name in placed:
        if name not in known:
            raise CourseError(f"{path.parent.name}/{path.name}: there is no question {name!r}.")
    if len(set(placed)) != len(placed) or len(set(known)) != len(known):
        raise CourseError(f"{path.parent.name}/{path.name}: a question is there twice.")
