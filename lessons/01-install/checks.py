"""Lesson 1: the package is asked for, can be imported, and its installed version is printed."""

import ast
import posixpath
import re
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from checker import App, Failure, check, constant, expect

PACKAGE, MODULE = "flask-socketio", "flask_socketio"
NEEDED = {"flask", MODULE, "socketio", "engineio", "simple_websocket", "werkzeug"}
LOOKED_FOR = {"eventlet", "gevent"}

# Releases that exist, for conditions that name none themselves (`<5.4`, `!=5.7.0`).
KNOWN = {
    PACKAGE: "5.0.1 5.1.2 5.2.0 5.3.0 5.3.4 5.3.5 5.3.6 5.3.7 5.4.1 5.5.0 5.5.1 5.6.0 5.6.1 5.7.0",
    "flask": "2.3.3 3.0.3 3.1.0 3.1.2 3.1.3",
    "eventlet": "0.33.3 0.34.1 0.36.1 0.39.0 0.41.3",
}
MOST_BYTES, MOST_LETTERS = 20_000, 2_000  # read of a file, and of a line
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True)
class Line:
    """One line of a requirements file; `wanted` is None where pip could not read it."""

    text: str
    number: int
    wanted: Requirement | None

    @property
    def said(self) -> str:
        """The beginning of a message about this line."""
        return f"Line {self.number} of `requirements.txt` is `{self.text[:80]}`."

    @property
    def name(self) -> str:
        """The package's name in its normal form, or an empty text."""
        return canonicalize_name(self.wanted.name) if self.wanted else ""

    @property
    def applies(self) -> bool:
        """False when a condition after `;` leaves this line out."""
        marker = self.wanted.marker if self.wanted else None
        try:
            return marker is None or marker.evaluate()
        except ValueError:  # a comparison that means nothing
            return False


def _decoded(data: bytes) -> str:
    """The text of a file as pip reads it (PowerShell writes UTF-16 with a mark in front)."""
    encoding = next((e for mark, e in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    return data[:MOST_BYTES].decode(encoding, errors="replace")


def _requirement(text: str) -> Requirement | None:
    if "://" in text and " @ " not in text:
        named = re.search(r"flask[-_.]socketio", text, re.IGNORECASE)
        return Requirement(PACKAGE) if named else None
    try:
        return Requirement(re.split(r"\s--", text)[0].strip())
    except (InvalidRequirement, RecursionError):
        return None


def _lines(files: Mapping[str, bytes]) -> Iterator[Line]:
    """The lines of `requirements.txt` that ask for something, and those of files it includes."""
    names = ["requirements.txt"]
    for name in names:
        text = re.sub(r"\\\r?\n", " ", _decoded(files.get(name, b"")))
        for number, raw in enumerate(text.splitlines(), start=1):
            line = re.sub(r"(^|\s)#.*$", "", raw).strip()[:MOST_LETTERS]
            if included := re.match(r"(?:-r|--requirement)[\s=]*(\S+)", line):
                path = posixpath.normpath(posixpath.join(posixpath.dirname(name), included[1]))
                names += [path] if path not in names else []
            elif editable := re.match(r"(?:-e|--editable)[\s=]+(\S+)", line):
                yield Line(line, number, _requirement(editable[1]))
            elif line and not line.startswith("-"):
                yield Line(line, number, _requirement(line))


def _asked(app: App, package: str) -> list[Line]:
    return [line for line in _lines(app.files) if line.name == package and line.applies]


@check(task=1)
def requirements_file_is_there(app: App) -> None:
    """There is a file `requirements.txt`."""
    if "requirements.txt" in app.files:
        return
    close = [n for n in app.files if re.search(r"requirement|\breqs?\b", n, re.IGNORECASE)]
    expect(
        not close,
        f"There is no file `requirements.txt`, but there is `{close[0] if close else ''}`.",
        help="People and tools look for `requirements.txt`, in small letters, in the same folder "
        "as `app.py`. Rename your file.",
    )
    raise Failure(
        "There is no file `requirements.txt`.",
        help="Create `requirements.txt` in the same folder as `app.py`, and write the names of "
        "packages into it, one a line.",
    )


@check(task=1, needs=requirements_file_is_there)
def requirements_ask_for_the_package(app: App) -> None:
    """`requirements.txt` asks for Flask-SocketIO, in words that pip understands."""
    lines = list(_lines(app.files))
    for line in lines:
        _is_readable(line)
    if _asked(app, PACKAGE):
        return
    for line in lines:
        _is_another_package(line)
    raise Failure(
        "`requirements.txt` does not ask for Flask-SocketIO.",
        help="Add a line that holds the package's name: `flask-socketio`. A line that begins "
        "with `#` is a note for people, and pip passes over it.",
    )


def _is_readable(line: Line) -> None:
    expect(
        not re.search(r"\bpip3?\b.*\binstall\b", line.text),
        f"{line.said} That is a command. The file holds names.",
        help="Take the words of the command away and keep the name of the package.",
        line=line.number,
    )
    place = re.search(r"[/\\$]|\.whl$|\.zip$|\.gz$", line.text)
    expect(
        line.wanted is not None or place is not None,
        f"{line.said} pip cannot read it.",
        help="A line holds the name of one package and, if you like, a version: "
        "`flask-socketio>=5.6.1`, or with two equals signs `flask-socketio==5.7.0`.",
        line=line.number,
    )


def _is_another_package(line: Line) -> None:
    expect(
        line.name != PACKAGE,
        f"{line.said} What stands after the `;` is not true on this machine, so pip leaves it out.",
        help="Take the `;` away, and the condition after it.",
        line=line.number,
    )
    letters = re.sub(r"[^a-z]", "", line.name)
    expect(
        letters not in {"flasksocketio", "flasksocket", "socketio", "pythonsocketio"},
        f"{line.said} That is another package than Flask-SocketIO.",
        help="The package's name is `flask-socketio`, with one hyphen.",
        line=line.number,
    )


def _installed(app: App) -> str:
    return app.versions.get(PACKAGE, "no version")


def _newest(app: App, package: str) -> Version | None:
    """The newest version that the submission's lines allow; None where they allow none.

    Versions that a condition names itself count too: they may be newer than what we know.
    """
    spec = SpecifierSet()
    for line in _asked(app, package):
        spec &= line.wanted.specifier if line.wanted else ""
    named = (part.version.removesuffix(".*") for part in spec)
    candidates = {*KNOWN[package].split(), *named, app.versions.get(package, "0")}
    return max(_versions(spec.filter(candidates, prereleases=True)), default=None)


def _versions(texts: Iterable[str]) -> Iterator[Version]:
    for text in texts:
        try:
            yield Version(text)
        except InvalidVersion:  # `===` compares any text
            continue


@check(task=1, needs=requirements_ask_for_the_package)
def requirements_fit_together(app: App) -> None:
    """The versions that `requirements.txt` allows fit together."""
    line = _asked(app, PACKAGE)[0]
    newest = _newest(app, PACKAGE)
    expect(
        newest is not None and newest.major == 5,
        f"{line.said} The course is about version 5; installed here is {_installed(app)}.",
        help="Ask for a version of series 5, for instance `flask-socketio>=5.6.1`, or leave the "
        "version out.",
        line=line.number,
    )
    flask = _newest(app, "flask")
    expect(
        not newest or newest >= Version("5.6.1") or not flask or flask < Version("3.1.3"),
        f"{line.said} With it pip takes the newest Flask. From Flask 3.1.3 on, Flask-SocketIO up "
        "to 5.6.0 answers every visitor who connects with `AttributeError: property 'session' of "
        "'RequestContext' object has no setter`.",
        help="Ask for `flask-socketio>=5.6.1`. If you must keep the old version, ask for an old "
        "Flask too: `flask<3.1.3`.",
        line=line.number,
    )
    for old in _asked(app, "eventlet"):
        eventlet = _newest(app, "eventlet")
        expect(
            eventlet is not None and eventlet >= Version("0.34.1"),
            f"{old.said} On Python 3.12 and newer, eventlet before 0.34.1 stops with "
            "`AttributeError: module 'ssl' has no attribute 'wrap_socket'`.",
            help="This lesson needs no eventlet: take the line out. To keep it, ask for "
            "`eventlet>=0.34.1`.",
            line=old.number,
        )


def _modules(app: App) -> Iterator[tuple[str, str]]:
    """Each module that the submission's top folder offers, as (name, path)."""
    for path in app.files:
        folder, slash, rest = path.partition("/")
        if rest == "__init__.py":
            yield folder, folder + slash
        elif not slash and path.endswith(".py"):
            yield path.removesuffix(".py"), path


@check(task=2)
def no_file_hides_a_package(app: App) -> None:
    """No file of yours has the name of a package that is needed."""
    for name, path in _modules(app):
        expect(
            name not in NEEDED,
            f"Your `{path}` has the name of a package. Python looks in your folder first, so "
            f"`import {name}` finds your file and not the package, in Flask-SocketIO too.",
            help="Give your file another name, and delete the folder `__pycache__` beside it.",
        )
        expect(
            name not in LOOKED_FOR,
            f"Your `{path}` has the name of a package that Flask-SocketIO looks for. It finds "
            f"your file in place of {name}, says nothing, and chooses another `async_mode`.",
            help="Give your file another name. No error message would tell you about this one.",
        )


@check(task=2, needs=no_file_hides_a_package)
def script_runs(app: App) -> None:
    """`python app.py` runs, and ends without an error."""
    finished = app.run_script()
    if finished.exit_code == 0:
        return
    error = (finished.stderr.strip().splitlines() or [""])[-1][:300]
    line = _last_own_line(app, finished.stderr)
    stopped = f"The program stops with `{error}`."
    hidden = [path for name, path in _modules(app) if name in sys.stdlib_module_names]
    expect(
        not hidden,
        f"Your `{hidden[0] if hidden else ''}` has the name of a part of Python. {stopped}",
        help="Python looks in your folder first, and finds your file in place of its own part. "
        "Give your file another name, and delete the folder `__pycache__` beside it.",
        line=line,
    )
    _explain_name(error, stopped, line)
    raise Failure(
        stopped if error else f"The program ends with exit status {finished.exit_code}, not 0.",
        help="Run `python app.py` and read the last lines of what it prints: they name the line "
        "and the reason.",
        line=line,
    )


def _explain_name(error: str, stopped: str, line: int | None) -> None:
    """Raise a Failure if one of the package's two names was used where the other belongs."""
    expect(
        "has no attribute '__version__'" not in error,
        stopped,
        help="Flask-SocketIO 5 has no `__version__`. Ask the notes that pip keeps: "
        '`from importlib.metadata import version`, then `version("flask-socketio")`.',
        line=line,
    )
    expect(
        "PackageNotFoundError" not in error,
        stopped,
        help="`version(…)` wants the name that you would give to pip: `flask-socketio`.",
        line=line,
    )
    expect(
        not re.search(r"cannot import name '\w+' from 'flask'", error),
        stopped,
        help="Flask-SocketIO is not a part of Flask. Its module is `flask_socketio`: "
        "`from flask_socketio import SocketIO`.",
        line=line,
    )
    expect(
        not re.search("No module named .*socket", error, re.IGNORECASE),
        stopped,
        help="The module's name is `flask_socketio`, in small letters and with one underscore. If "
        "yours is spelled so, install it for this Python: `python -m pip install flask-socketio`.",
        line=line,
    )


def _last_own_line(app: App, text: str) -> int | None:
    """The last line of `app.py` in a traceback (Flask has a file of that name too)."""
    own = [line.strip() for line in app.source.text().splitlines()]
    frames = re.findall(r'/app\.py", line (\d+), in .*\n +(.+)', text)
    found = [int(n) for n, code in frames if int(n) <= len(own) and own[int(n) - 1] == code.strip()]
    return found[-1] if found else None


def _imported(app: App) -> Iterator[str]:
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


@check(task=2, needs=no_file_hides_a_package)
def module_is_imported(app: App) -> None:
    """The program imports `flask_socketio`."""
    imported = set(_imported(app))
    if MODULE in imported:
        return
    expect(
        "socketio" not in imported,
        "The program imports `socketio`. That is a part that Flask-SocketIO is built on.",
        help="Import `flask_socketio`, with `flask_` in front.",
    )
    raise Failure(
        "The program does not import `flask_socketio`.",
        help="The notes of pip can be read without the package. Add `import flask_socketio`: if "
        "it goes through, the package is really there.",
    )


def _shows(text: str, version: str) -> bool:
    """Whether `version` stands in `text` as a number of its own (5.7.0, but not 15.7.0)."""
    return re.search(rf"(?<!\d)(?<!\d\.){re.escape(version)}(?!\.?\d)", text) is not None


@check(task=2, points=2, needs=script_runs)
def installed_version_is_printed(app: App) -> None:
    """The installed version of Flask-SocketIO is printed."""
    finished = app.run_script()
    printed = finished.stdout + finished.stderr
    installed = _installed(app)
    if _shows(printed, installed):
        return
    expect(
        bool(printed.strip()),
        "The program prints nothing.",
        help="Hand the version to `print(…)`. A value that is only worked out, or a function that "
        "is never called, shows nothing.",
    )
    others = [n for n, v in app.versions.items() if n != "python" and _shows(printed, v)]
    expect(
        not others,
        f"The program prints the version of {', '.join(others)}. The task asks for that of "
        f"Flask-SocketIO, which is {installed} here.",
        help='Hand the package\'s name to `version`: `version("flask-socketio")`.',
        expected=installed,
        observed=printed.strip(),
    )
    raise Failure(
        "The version that is installed does not stand in what the program prints.",
        help="`version` is a function: call it with the package's name, and print all of what it "
        "gives back.",
        expected=installed,
        observed=printed.strip(),
    )


@check(task=2, needs=installed_version_is_printed)
def version_is_looked_up(app: App) -> None:
    """Where another version is installed, the program prints that one."""
    other = f"5.{secrets.randbelow(10**6) + 100}.{secrets.randbelow(10**6)}"
    finished = app.run_script(versions={PACKAGE: other})
    expect(
        _shows(finished.stdout + finished.stderr, other),
        f"Run where Flask-SocketIO {other} is installed, the program does not print {other}.",
        help="The number must come from the machine, not from your text and not from "
        '`requirements.txt`. Ask for it with `version("flask-socketio")`.',
        expected=other,
        observed=(finished.stdout + finished.stderr).strip(),
    )
