"""What a submission's source says. It is parsed here, outside the sandbox, and never executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from checker.syntax import parse

MAX_PARSED = 300_000
"""Bytes of Python that are parsed of one submission; parsing is work for the judge."""
MAX_BITS = 4_000
"""Bits of an integer literal that is taken for a value; longer ones cannot be written out."""
MAX_CHAIN = 50
"""Names in a dotted chain that are read."""


class Placed(Protocol):
    """What stands in a line of a file, as a `Call` does."""

    @property
    def file(self) -> str:
        """The file's name."""

    @property
    def line(self) -> int:
        """The line, from 1."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``name`` is dotted, with import aliases resolved (``time.sleep``)."""

    name: str
    args: tuple[ast.expr, ...]
    keywords: Mapping[str, ast.expr]
    line: int
    file: str


class Source:
    """The submission's Python files as syntax trees, and its other text files as text."""

    def __init__(self, files: Mapping[str, bytes], entry: str = "app.py") -> None:
        """Take the submission's files; broken files are kept as text only."""
        self.files = files
        self.entry = entry

    def text(self, name: str | None = None) -> str:
        """Return a file's text (default: the entry script); an absent file is empty."""
        return self.files.get(name or self.entry, b"").decode("utf-8", "replace")

    def tree(self, name: str | None = None) -> ast.Module | None:
        """Return a Python file's syntax tree, or None where it is absent or broken."""
        return self._trees.get(name or self.entry)

    @cached_property
    def _trees(self) -> dict[str, ast.Module]:
        trees: dict[str, ast.Module] = {}
        left = MAX_PARSED
        for name in sorted(self.files, key=lambda name: (name != self.entry, name)):
            if name.endswith(".py") and len(self.files[name]) <= left:
                left -= len(self.files[name])
                try:
                    trees[name] = parse(self.files[name], name)
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    continue
        return trees

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local names to the dotted names that they were imported as, over all files."""
        found: dict[str, str] = {}
        for tree in self._trees.values():
            found.update(_aliases(tree))
        return found

    def calls(self, name: str) -> tuple[Call, ...]:
        """Return the calls whose dotted name is ``name`` or ends in ``.name``, entry first."""
        return tuple(
            call for call in self._all_calls if call.name == name or call.name.endswith(f".{name}")
        )

    @cached_property
    def _all_calls(self) -> list[Call]:
        return [call for name, tree in self._trees.items() for call in _calls(tree, name)]

    def assigned(self, name: str) -> set[str]:
        """Return the last names of what is assigned from a call of ``name``."""
        found: set[str] = set()
        for tree in self._trees.values():
            aliases = dict(_aliases(tree))
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(
                    node.value, ast.Call
                ):
                    called = _full_name(node.value, aliases)
                    if called == name or called.endswith(f".{name}"):
                        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                        found |= {(dotted(target) or "").rpartition(".")[2] for target in targets}
        return found - {""}

    def functions(self) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        """Yield (file, function) for each function and method, entry script first."""
        for name, tree in self._trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield name, node

    def script_line(self, place: Placed | None) -> int | None:
        """Return the line of something that stands in the entry script, else None.

        Lines are shown to learners by their number alone, which only the script's can be.
        """
        return place.line if place is not None and place.file == self.entry else None

    def line_of(self, text: str, name: str | None = None) -> int | None:
        """Return the first line (from 1) of a file that holds ``text``."""
        lines = self.text(name).splitlines()
        return next((number for number, line in enumerate(lines, 1) if text in line), None)

    def mentions(self, *words: str) -> bool:
        """Whether any Python file holds one of ``words`` as text."""
        sources = [data for name, data in self.files.items() if name.endswith(".py")]
        return any(word.encode() in data for data in sources for word in words)


def constant(node: ast.expr | None) -> object:
    """Return the value of a literal, or None where it is anything else."""
    try:
        value = ast.literal_eval(node) if node is not None else None
        return None if isinstance(value, int) and value.bit_length() > MAX_BITS else value
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def dotted(node: ast.expr) -> str | None:
    """Return ``a.b.c`` for a chain of names (without what is no name at its head), or None."""
    names: list[str] = []
    while isinstance(node, ast.Attribute) and len(names) < MAX_CHAIN:
        names.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        names.append(node.id)
    return ".".join(reversed(names)) or None


def _aliases(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                if item.asname:
                    yield item.asname, item.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for item in node.names:
                yield item.asname or item.name, f"{node.module}.{item.name}"


def _calls(tree: ast.Module, file: str) -> Iterator[Call]:
    aliases = dict(_aliases(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        full = _full_name(node, aliases)
        if full:
            keywords = {item.arg: item.value for item in node.keywords if item.arg}
            yield Call(full, tuple(node.args), keywords, node.lineno, file)


def _full_name(call: ast.Call, aliases: Mapping[str, str]) -> str:
    head, dot, rest = (dotted(call.func) or "").partition(".")
    return aliases.get(head, head) + dot + rest
