"""The help texts that a lesson's checks write, read from their source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.lesson import Lesson
from checker.syntax import parse


@dataclass(frozen=True, slots=True)
class HelpText:
    """One ``help=…`` of a lesson's file; ``pattern`` matches all that it may become."""

    file: str
    text: str
    pattern: re.Pattern[str]


def help_texts(lesson: Lesson) -> list[HelpText]:
    """Return each help text once, from ``checks.py`` and from what stands beside it."""
    found: dict[str, HelpText] = {}
    for path in lesson.check_sources():
        for value in _values(parse(path.read_text(encoding="utf-8"))):
            for text, pattern in _literals(value):
                found[text] = HelpText(path.name, text, re.compile(pattern, re.S))
    return [help for help in found.values() if any(map(str.isalpha, help.text))]


def _values(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "help")


def _literals(value: ast.expr) -> Iterator[tuple[str, str]]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value, re.escape(value.value)
    elif isinstance(value, ast.JoinedStr):
        parts = [
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*"
            for part in value.values
        ]
        yield ast.unparse(value), "".join(parts)
    elif isinstance(value, ast.IfExp):
        yield from _literals(value.body)
        yield from _literals(value.orelse)
