"""What a submission's source says. It is parsed here, outside the sandbox, and never executed."""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias

from checker.syntax import parse

MAX_PARSED = 300_000
"""Bytes of Python that are parsed of one submission; parsing is work for the judge."""
MAX_NODES = 60_000
"""Nodes of the syntax trees of one submission that are kept; checks walk them many times."""
MAX_BITS = 4_000
"""Bits of an integer literal that is taken for a value; longer ones cannot be written out."""
_NEWLINE = re.compile(r"\r\n?|\n")
"""What parts lines for Python; `str.splitlines` parts them at more."""
_CODING = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_KEEPS_LINES = re.compile(
    rb"utf[-_]?8\b.*|(us-)?ascii|(iso-)?latin[-_]?1\b.*|iso[-_]?8859[-_]\d+\b.*|"
    rb"(cp|windows-?)125\d|koi8[-_][ru]",
    re.I,
)
"""Encodings in which a byte that ends a line is one, and nothing else becomes one."""
MAX_DEPTH = 200
"""Levels of a syntax tree that is read; `ast.unparse` calls itself for each."""
MAX_CHAIN = 50
"""Names in a dotted chain that are read."""


Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


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


@dataclass(frozen=True, slots=True)
class _Parsed:
    """One file: its syntax tree, and all nodes of that in the order of `ast.walk`."""

    tree: ast.Module
    nodes: list[ast.AST]


class Source:
    """The submission's Python files as syntax trees, and its other text files as text."""

    def __init__(self, files: Mapping[str, bytes], entry: str = "app.py") -> None:
        """Take the submission's files; those broken or too big are kept as text only."""
        self.files = files
        self.entry = entry

    def text(self, name: str | None = None) -> str:
        """Return a file's text (default: the entry script); an absent file is empty."""
        return self.files.get(name or self.entry, b"").decode("utf-8", "replace")

    def tree(self, name: str | None = None) -> ast.Module | None:
        """Return a Python file's syntax tree, or None where it is absent or broken."""
        parsed = self._parsed.get(name or self.entry)
        return parsed.tree if parsed else None

    @cached_property
    def _parsed(self) -> dict[str, _Parsed]:
        found: dict[str, _Parsed] = {}
        left, nodes = MAX_PARSED, MAX_NODES
        for name in sorted(self.files, key=lambda name: (name != self.entry, name)):
            if name.endswith(".py") and len(self.files[name]) <= left:
                left -= len(self.files[name])
                try:
                    parsed = _parse(self.files[name], name, nodes)
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    continue
                nodes -= len(parsed.nodes)
                found[name] = parsed
        return found

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local names to the dotted names that they were imported as, over all files."""
        found: dict[str, str] = {}
        for parsed in self._parsed.values():
            found.update(_aliases(parsed.nodes))
        return found

    def calls(self, name: str) -> tuple[Call, ...]:
        """Return the calls whose dotted name is ``name`` or ends in ``.name``, entry first."""
        return tuple(
            call for call in self._all_calls if call.name == name or call.name.endswith(f".{name}")
        )

    @cached_property
    def _all_calls(self) -> list[Call]:
        return [
            call for name, parsed in self._parsed.items() for call in _calls(parsed.nodes, name)
        ]

    def assigned(self, name: str) -> set[str]:
        """Return the last names of what is assigned from a call of ``name``."""
        found: set[str] = set()
        for parsed in self._parsed.values():
            aliases = dict(_aliases(parsed.nodes))
            for node in parsed.nodes:
                if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(
                    node.value, ast.Call
                ):
                    called = _full_name(node.value, aliases)
                    if called == name or called.endswith(f".{name}"):
                        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                        found |= {(dotted(target) or "").rpartition(".")[2] for target in targets}
        return found - {""}

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Return (file, function) for each function and method, entry script first."""
        return ((name, function) for name, function, _ in self._nested)

    def nested(self) -> tuple[tuple[str, Function, Function | None], ...]:
        """Return (file, function, function around it or None), in the order of `functions`."""
        return self._nested

    @cached_property
    def _nested(self) -> tuple[tuple[str, Function, Function | None], ...]:
        return tuple(self._walk_functions())

    def _walk_functions(self) -> Iterator[tuple[str, Function, Function | None]]:
        for name, parsed in self._parsed.items():
            waiting: deque[tuple[ast.AST, Function | None]] = deque([(parsed.tree, None)])
            while waiting:
                node, around = waiting.popleft()
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield name, node, around
                    around = node
                waiting.extend((inner, around) for inner in ast.iter_child_nodes(node))

    def functions_with(self, wanted: Callable[[ast.AST], bool]) -> set[Function]:
        """Return the functions in which, at whatever depth, a node is ``wanted``."""
        outer = {function: around for _, function, around in self.nested()}
        found: set[Function] = set()
        for function in outer:
            if any(map(wanted, _of_its_own(function))):
                above: Function | None = function
                while above is not None and above not in found:
                    found.add(above)
                    above = outer[above]
        return found

    def script_line(self, place: Placed | None) -> int | None:
        """Return the line of something that stands in the entry script, else None.

        Lines are shown to learners by their number alone, which only the script's can be.
        """
        return place.line if place is not None and place.file == self.entry else None

    def endless_line(self) -> int | None:
        """Return the line of the script's first `while True` that stands in no function."""
        tree = self.tree()
        loops = [
            node.lineno
            for node in (_of_its_own(tree) if tree is not None else ())
            if isinstance(node, ast.While)
            and constant(node.test)
            and not any(isinstance(inner, ast.Break) for inner in ast.walk(node))
        ]
        return min(loops, default=None)

    def line_of(self, text: str, name: str | None = None) -> int | None:
        """Return the first line (from 1) of a file that holds ``text``."""
        lines = _NEWLINE.split(self.text(name))
        return next((number for number, line in enumerate(lines, 1) if text in line), None)

    def mentions(self, *words: str) -> bool:
        """Whether any Python file holds one of ``words`` as text."""
        sources = [data for name, data in self.files.items() if name.endswith(".py")]
        return any(word.encode() in data for data in sources for word in words)


def _parse(data: bytes, name: str, most: int) -> _Parsed:
    """Parse a file: its lines are those of its text, and its numbers can be written out.

    Raises what `parse` raises, and ValueError where the encoding makes lines of other bytes, where
    it is nested more deeply than `ast.unparse` bears, or has more than so many nodes.
    """
    unix = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for line in unix.split(b"\n", 2)[:2]:
        coding = _CODING.match(line)
        if coding is not None and not _KEEPS_LINES.fullmatch(coding[1]):
            raise ValueError(f"the lines of {name} are not those of its bytes")
    tree = parse(data, name)
    nodes: list[ast.AST] = []
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        for node in level:
            if isinstance(node, ast.Constant) and _is_huge(node):
                node.value = 0
        nodes += level
        if len(nodes) > most:
            raise ValueError(f"{name} has too many nodes")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return _Parsed(tree, nodes)
    raise ValueError(f"{name} is nested too deeply")


def _is_huge(node: ast.AST) -> bool:
    """Whether a node is a number with so many digits that Python refuses to write it."""
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int)
        and node.value.bit_length() > MAX_BITS
    )


def _of_its_own(outer: Function | ast.Module) -> Iterator[ast.AST]:
    """Yield the nodes of a function, or of a file, without those of the functions in it."""
    waiting: list[ast.AST] = [outer]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(
            inner
            for inner in ast.iter_child_nodes(node)
            if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
        )


def constant(node: ast.expr | None) -> object:
    """Return the value of a literal, or None where it is anything else."""
    try:
        value = ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return None if node is None or any(map(_is_huge, ast.walk(node))) else value


def dotted(node: ast.expr) -> str | None:
    """Return ``a.b.c`` for a chain of names (without what is no name at its head), or None."""
    names: list[str] = []
    while isinstance(node, ast.Attribute) and len(names) < MAX_CHAIN:
        names.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        names.append(node.id)
    return ".".join(reversed(names)) or None


def _aliases(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for item in node.names:
                if item.asname:
                    yield item.asname, item.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for item in node.names:
                yield item.asname or item.name, f"{node.module}.{item.name}"


def _calls(nodes: Sequence[ast.AST], file: str) -> Iterator[Call]:
    aliases = dict(_aliases(nodes))
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        full = _full_name(node, aliases)
        if full:
            keywords = {item.arg: item.value for item in node.keywords if item.arg}
            yield Call(full, tuple(node.args), keywords, node.lineno, file)


def _full_name(call: ast.Call, aliases: Mapping[str, str]) -> str:
    head, dot, rest = (dotted(call.func) or "").partition(".")
    return aliases.get(head, head) + dot + rest
