"""The SocketIO objects of a submission, and the options that they are given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from checker import Call, Failure, Source, constant


def no_object(source: Source, calls: tuple[Call, ...]) -> Failure:
    """Say why no SocketIO object was found."""
    if calls and (file := calls[0].file) != source.entry:
        return Failure(
            f"`{file}` makes a SocketIO object, and running `app.py` never runs that file.",
            help=f"Import `{file.removesuffix('.py')}` in `app.py`, "
            "or make the object in `app.py` itself.",
        )
    if servers := source.calls("socketio.Server"):
        return Failure(
            "Your app makes a `socketio.Server`. That belongs to another package, python-socketio; "
            "the task asks for a `SocketIO` object of Flask-SocketIO.",
            help="Use `from flask_socketio import SocketIO` and `SocketIO(app)`.",
            line=servers[0].line,
        )
    if not calls and "flask_socketio.SocketIO" in source.imports.values():
        return Failure(
            "Your app imports `SocketIO` and makes no object of it.",
            help="Call it: the name, and after it brackets with your Flask app in them.",
            line=source.line_of("= SocketIO") or source.line_of("SocketIO"),
        )
    if calls:
        return Failure(
            f"Line {calls[0].line} makes a SocketIO object, and running `app.py` "
            "never reaches that line: it stands in a function that is not called.",
            help="Call that function, or make the object outside of it.",
            line=calls[0].line,
        )
    return Failure(
        "Your app has no SocketIO object. The task asks for one.",
        help="Import `SocketIO` from `flask_socketio`, and make the object below your Flask app.",
    )


def without_a_name(source: Source) -> Call | None:
    """Return the call that makes a SocketIO object which nothing keeps, if it is the only one."""
    calls = source.calls("SocketIO")
    if len(calls) != 1 or source.mentions("extensions", "globals", "setattr", "exec"):
        return None
    tree = source.tree(calls[0].file) or ast.Module([], [])
    alone = [
        node.value.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if re.fullmatch(r"[\w.]+", ast.unparse(node.value.func))
    ]
    return calls[0] if calls[0].line in alone else None


def places(calls: tuple[Call, ...]) -> str:
    """Name the places of some calls, as the end of a sentence."""
    named = [f"line {call.line} of `{call.file}`" for call in calls]
    return f" ({', '.join(named)})" if named else ""


def option_calls(source: Source) -> Iterator[Call]:
    """Yield the calls that give options to a SocketIO object."""
    yield from source.calls("SocketIO")
    names = source.assigned("SocketIO")
    for call in source.calls("init_app"):
        if call.name.split(".")[-2:-1] and call.name.split(".")[-2] in names:
            yield call


def known_options() -> set[str]:
    """Return the option names that the installed Flask-SocketIO describes, without importing it."""
    spec = find_spec("flask_socketio")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text("utf-8")
    described = re.search(r'^class SocketIO\b.*?"""(.*?)"""', text, re.M | re.S)
    assert described is not None
    return set(re.findall(r":param (\w+):", described[1])) - {"kwargs"}


def declared_paths(source: Source) -> Iterator[str]:
    """Yield the addresses that the source gives to the options `path` and `resource`."""
    for file in source.files:
        for node in ast.walk(source.tree(file) or ast.Module([], [])):
            pairs: list[tuple[object, ast.expr]] = []
            if isinstance(node, ast.Call):
                pairs = [(item.arg, item.value) for item in node.keywords]
            elif isinstance(node, ast.Dict):
                pairs = [
                    (constant(key), item) for key, item in zip(node.keys, node.values, strict=False)
                ]
            for name, value in pairs:
                if name in ("path", "resource") and isinstance(text := constant(value), str):
                    yield text
