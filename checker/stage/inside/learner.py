"""Load a learner's app as its user would, and find what it made.

The script runs as ``__main__``, exactly as ``python app.py`` would run it, except that starting a
server is recorded instead of done: the app that the script would have served is the app under
test, however it was made and whatever it is called. Loading it as a module instead shows whether
a server starts where it should not.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from functools import wraps
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from itertools import takewhile
from typing import Any

from . import startline

_FACTORY = re.compile(r"(create|make|build|init|get|new)_?\w*app\w*|app_factory|factory", re.I)


SERVERS = (
    ("flask", "Flask", "run"),
    ("flask_socketio", "SocketIO", "run"),
    ("werkzeug.serving", "", "run_simple"),
    ("flask.cli", "", "run_simple"),
    ("socketserver", "BaseServer", "serve_forever"),
    ("eventlet.wsgi", "", "server"),
    ("gevent.baseserver", "BaseServer", "serve_forever"),
)
"""What starts a server: a module, a class in it (or none), a function."""


_STAND_INS: dict[str, Callable[..., None]] = {
    "SocketIO.run": startline.socketio_run,
    "Flask.run": startline.flask_run,
}
"""They raise what the real ones would raise at once."""


SERVER_STARTED = "a server would run here"
"""Code of the SystemExit that ends the learner's script where a server would have taken over.

It is a plain SystemExit because that ends a thread, too, without a word.
"""


class Found:
    """What loading an app brought to light."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self.flask: Any = None
        self.socketio: Any = None
        self.flask_count = 0
        self.socketio_count = 0
        self.served: dict[str, Any] | None = None
        self.served_app: Any = None
        self.exited: str | None = None


def record_servers(found: Found) -> None:
    """Let what starts a server note that it was called, and go no further."""
    for module, owner, function in SERVERS:
        home = sys.modules.get(module)
        target = getattr(home, owner, None) if owner else home
        if target is not None and hasattr(target, function):
            name = f"{owner}.{function}" if owner else function
            setattr(target, function, _recorder(found, name, getattr(target, function)))


def _recorder(found: Found, name: str, real: Callable[..., Any]) -> Callable[..., None]:
    @wraps(real)
    def record(*arguments: Any, **keywords: Any) -> None:
        if name in _STAND_INS:
            _STAND_INS[name](*arguments, **keywords)
        everything = [*arguments, *keywords.values()]
        if name == "SocketIO.run" and _is(arguments[0], "flask_socketio", "SocketIO"):
            found.socketio = arguments[0]
        found.served_app = next((x for x in everything if _is(x, "flask", "Flask")), None)
        plain = {
            key: value
            for key, value in keywords.items()
            if isinstance(value, str | int | float | bool | None)
        }
        by = {"SocketIO.run": "socketio.run", "Flask.run": "app.run"}.get(name, name)
        found.served = {"by": by, "keywords": plain, "line": _calling_line()}
        raise SystemExit(SERVER_STARTED)

    return record


def _calling_line() -> int | None:
    frame = sys._getframe(2)
    return frame.f_lineno if frame else None


class _AfterImport(MetaPathFinder):
    """Record servers as soon as a fresh process has imported the taught packages by itself.

    Importing them beforehand would spoil an app that patches the standard library first.
    """

    def __init__(self, found: Found) -> None:
        self._found = found

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name not in {module for module, _, _ in SERVERS}:
            return None
        spec = PathFinder.find_spec(name, path)
        loader: Any = spec.loader if spec else None
        if loader is None:
            return None
        execute = loader.exec_module

        def exec_module(module: types.ModuleType) -> None:
            execute(module)
            record_servers(self._found)

        loader.exec_module = exec_module
        return spec


def load(folder: str, entry: str, *, as_module: bool) -> Found:
    """Run the script in ``folder``; exceptions of the learner's code come through unchanged."""
    found = Found()
    record_servers(found)
    sys.meta_path.insert(0, _AfterImport(found))
    name = os.path.splitext(entry)[0] if as_module else "__main__"
    path = os.path.join(folder, entry)
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules.pop(name, None)
    sys.modules[name] = module  # the first of those that the app brings along
    sys.argv = [entry]
    sys.path.insert(0, folder)
    try:
        with open(path, "rb") as file:
            code = compile(file.read(), path, "exec", dont_inherit=True)
        exec(code, module.__dict__)
    except SystemExit as error:
        if error.code != SERVER_STARTED:
            found.exited = str(error.code)
    _settle(found, folder, module)
    return found


def _settle(found: Found, folder: str, module: types.ModuleType) -> None:
    modules = _own_modules(folder, module)
    apps = list(_instances(modules, "flask", "Flask"))
    sockets = list(_instances(modules, "flask_socketio", "SocketIO"))
    if not apps and found.served_app is None:
        for product in _call_factories(module, folder):
            apps += [item for item in product if _is(item, "flask", "Flask")]
            sockets += [item for item in product if _is(item, "flask_socketio", "SocketIO")]
    served = [found.served_app] if _is(found.served_app, "flask", "Flask") else []
    apps = _unique(served + apps)
    extended = [app for app in apps if "socketio" in getattr(app, "extensions", {})]
    found.flask_count = len(apps)
    found.flask = (served or extended or apps or [None])[0]
    bound = getattr(found.flask, "extensions", {}).get("socketio")
    sockets = _unique([*([found.socketio] if found.socketio else []), *sockets])
    if bound is not None:
        sockets = _unique([*sockets, bound])
    found.socketio_count = len(sockets)
    if found.socketio is None:
        found.socketio = bound if bound is not None else (sockets or [None])[0]


def _own_modules(folder: str, first: types.ModuleType) -> list[types.ModuleType]:
    """Return the app's own modules. Older ones are not even looked at: in a fork, a look copies."""
    later = list(takewhile(lambda module: module is not first, reversed(sys.modules.values())))
    found = [first]
    for module in later:
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and path.startswith(folder + os.sep):
            found.append(module)
    return found


def _instances(modules: list[types.ModuleType], package: str, name: str) -> Iterator[Any]:
    for module in modules:
        for value in list(vars(module).values()):
            if _is(value, package, name):
                yield value


def _is(value: Any, package: str, name: str) -> bool:
    kind = getattr(sys.modules.get(package), name, None)
    return isinstance(kind, type) and isinstance(value, kind)


def _call_factories(module: types.ModuleType, folder: str) -> Iterator[list[Any]]:
    for name, value in list(vars(module).items()):
        code = getattr(value, "__code__", None)
        if code is None or not code.co_filename.startswith(folder) or not _FACTORY.fullmatch(name):
            continue
        required = code.co_argcount - len(value.__defaults__ or ())
        if required == 0:
            product = value()
            yield list(product) if isinstance(product, tuple | list) else [product]


def _unique(items: list[Any]) -> list[Any]:
    return list({id(item): item for item in items}.values())


def describe(found: Found) -> dict[str, Any]:
    """Return what was found as plain values."""
    socketio = found.socketio
    server = getattr(socketio, "server", None)
    return {
        "async_mode": getattr(socketio, "async_mode", None) if server is not None else None,
        "flask_count": found.flask_count,
        "socketio_count": found.socketio_count,
        "bound": server is not None,
        "path": str(getattr(getattr(socketio, "sockio_mw", None), "engineio_path", "")),
        "events": _events(server),
        "routes": sorted({str(rule) for rule in _rules(found.flask)}),
        "served": found.served,
        "exited": found.exited,
    }


def _rules(app: Any) -> list[Any]:
    return list(app.url_map.iter_rules()) if app is not None else []


def _events(server: Any) -> list[list[str]]:
    if server is None:
        return []
    pairs = [[ns, event] for ns, handlers in server.handlers.items() for event in handlers]
    for namespace, handler in server.namespace_handlers.items():
        methods = [name for name in dir(handler) if name.startswith("on_")]
        pairs += [[namespace, name[3:]] for name in methods]
    return sorted([str(ns), str(event)] for ns, event in pairs)


def exception(error: BaseException, folder: str) -> dict[str, Any]:
    """Return an exception as plain values: its text unchanged, and the learner's own frames."""
    lines: list[dict[str, Any]] = []
    for frame in traceback.extract_tb(error.__traceback__, limit=-200):
        if frame.filename.startswith(folder + os.sep):
            lines.append(
                {
                    "file": os.path.relpath(frame.filename, folder),
                    "line": frame.lineno,
                    "code": (frame.line or "")[:200],
                }
            )
    if isinstance(error, SyntaxError) and str(error.filename or "").startswith(folder):
        name = os.path.relpath(str(error.filename), folder)
        lines.append({"file": name, "line": error.lineno, "code": (error.text or "").strip()[:200]})
    try:
        text = str(error)
    except Exception as second:
        text = f"(its text cannot be read: {type(second).__name__})"
    return {"type": type(error).__name__, "text": text[:4000], "frames": lines[-10:]}
