"""The functions of a submission that are marked as handlers, and what ties them to events."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from checker.source import Source, constant

__all__ = [
    "Listener",
    "line_in_entry",
    "line_inside",
    "listeners",
    "socketio_objects",
    "ties",
]


@dataclass(frozen=True, slots=True)
class Listener:
    """A function that is marked as a handler, with or without brackets after the mark."""

    file: str
    line: int
    event: object
    function: ast.FunctionDef | ast.AsyncFunctionDef
    brackets: bool
    inside: str | None
    """The function in which it stands."""


def listeners(source: Source) -> Iterator[Listener]:
    """Yield the functions with `.on` above them, in all files, the script's first."""
    for file, function, around in source.nested():
        for mark in function.decorator_list:
            brackets = isinstance(mark, ast.Call)
            head = mark.func if isinstance(mark, ast.Call) else mark
            if isinstance(head, ast.Attribute) and head.attr == "on":
                first = mark.args[0] if isinstance(mark, ast.Call) and mark.args else None
                inside = around.name if around else None
                yield Listener(file, mark.lineno, constant(first), function, brackets, inside)


def line_in_entry(source: Source, event: str) -> int | None:
    """Return the line of the last handler of ``event`` that stands in the script itself."""
    lines = [item.line for item in _in_entry(source, event)]
    return lines[-1] if lines else None


def line_inside(source: Source, event: str, *words: str) -> int | None:
    """Return the first line in the script's handlers of ``event`` that holds one of ``words``."""
    lines = enumerate(source.text().splitlines(), 1)
    holding = [number for number, line in lines if any(word in line for word in words)]
    for item in _in_entry(source, event):
        at = bisect_left(holding, item.function.lineno)
        if at < len(holding) and holding[at] <= (item.function.end_lineno or 0):
            return holding[at]
    return None


def ties(source: Source, event: str) -> Iterator[tuple[str, int]]:
    """Yield the SocketIO object's name and the line of what ties ``event`` to a handler.

    Read are the marks of functions and the calls of `on` and `on_event` that stand at the left
    edge of the script.
    """
    for node in _statements(source):
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else [node]:
            call = mark.value if isinstance(mark, ast.Expr) else mark
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            named = call.args and constant(call.args[0]) == event
            if named and call.func.attr in {"on", "on_event"}:
                yield ast.unparse(call.func.value), call.lineno


def socketio_objects(source: Source) -> Iterator[tuple[str, int]]:
    """Yield name and line of the SocketIO objects that the script makes with an app."""
    lines = {call.line for call in source.calls("SocketIO") if call.file == source.entry}
    for node in _statements(source):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if node.lineno in lines and node.value.args:
            yield ast.unparse(node.targets[0]), node.lineno


def _in_entry(source: Source, event: str) -> Iterator[Listener]:
    found = listeners(source)
    return (item for item in found if item.event == event and item.file == source.entry)


def _statements(source: Source) -> list[ast.stmt]:
    tree = source.tree()
    return tree.body if tree else []
