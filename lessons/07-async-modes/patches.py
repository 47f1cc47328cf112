"""Patches of Python's waits: what they come after, and what they do not reach."""

import ast
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from checker import App, Call

from .mode import LIBRARIES, mode_of
from .tasks import last_name

PATCHES = ("monkey_patch", "patch_all")
FLASK = {"flask", "flask_socketio", "werkzeug", "socketio", "engineio"}


@dataclass(frozen=True)
class Step:
    """Something that happens while the script is read: Flask is imported, or Python patched."""

    kind: str
    what: str
    file: str
    line: int


def patch_calls(app: App) -> list[Call]:
    """The calls that patch Python."""
    return [call for name in PATCHES for call in app.source.calls(name)]


def steps_of(app: App, file: str, seen: set[str]) -> Iterator[Step]:
    """What a file does while it is read, in order, with the files of the app that it imports."""
    tree = app.source.tree(file)
    if tree is None or file in seen:
        return
    seen.add(file)
    for node in _while_read(tree):
        if isinstance(node, ast.Call):
            if last_name(node.func) in PATCHES:
                yield Step("patch", ast.unparse(node.func), file, node.lineno)
            continue
        for module in _imported(node):
            top = module.partition(".")[0]
            if top in FLASK:
                yield Step("flask", top, file, node.lineno)
            for own in (f"{module.replace('.', '/')}.py", f"{top}.py", f"{top}/__init__.py"):
                yield from steps_of(app, own, seen)


def patch_without_brackets(app: App) -> tuple[str, int] | None:
    """Return the patch that stands in the script and is not called, and its line."""
    tree = app.source.tree()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Expr) and last_name(node.value) in PATCHES:
            return ast.unparse(node.value), node.lineno
    return None


def unpatched_sleep(app: App) -> int | None:
    """Return the line of a `time.sleep` that keeps the one thread of all clients."""
    if mode_of(app) not in LIBRARIES or patch_calls(app):
        return None
    return next((call.line for call in app.source.calls("time.sleep")), None)


def _while_read(tree: ast.Module) -> list[ast.Call | ast.Import | ast.ImportFrom]:
    """The calls and imports that stand outside of functions, from top to bottom."""
    found: list[ast.Call | ast.Import | ast.ImportFrom] = []
    waiting: deque[ast.AST] = deque([tree])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _only_for_types(node):
            continue
        if isinstance(node, ast.Call | ast.Import | ast.ImportFrom):
            found.append(node)
        waiting.extend(ast.iter_child_nodes(node))
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _only_for_types(node: ast.AST) -> bool:
    """Whether a node is an `if TYPE_CHECKING:`, which no running Python enters."""
    return isinstance(node, ast.If) and any(
        isinstance(part, ast.expr) and last_name(part) == "TYPE_CHECKING"
        for part in ast.walk(node.test)
    )


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [item.name for item in node.names]
    module = node.module or ""
    return [module, *(f"{module}.{item.name}".strip(".") for item in node.names)]
