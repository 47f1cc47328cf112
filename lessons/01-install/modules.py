"""Modules by name: those that a submission offers, and those that it imports."""

import ast
from collections.abc import Iterator

from checker import App, constant


def offered(app: App) -> Iterator[tuple[str, str]]:
    """Each module that the submission's top folder offers, as (name, path)."""
    for path in app.files:
        folder, slash, rest = path.partition("/")
        if rest == "__init__.py":
            yield folder, folder + slash
        elif not slash and path.endswith(".py"):
            yield path.removesuffix(".py"), path


def imported_modules(app: App) -> Iterator[str]:
    """The modules that the submission's files import, each by its first name."""
    for path in app.files:
        for node in ast.walk(app.source.tree(path) or ast.Module([], [])):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0]
    for name in ("import_module", "__import__"):
        for call in app.source.calls(name):
            yield from (str(constant(arg)) for arg in call.args[:1])
