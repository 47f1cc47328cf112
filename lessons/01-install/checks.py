"""Lesson 1: the package is asked for, can be imported, and its installed version is printed."""

import ast
import posixpath
import re
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain, combinations, islice

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
# From these versions on, a package asks for what the one that is installed here asks for.
SAME_SINCE = {PACKAGE: "5.6.1"}
# What each python-socketio asks for that Flask-SocketIO 5.6.1 and newer can be installed with.
ENGINE = Requirement("python-engineio>=4.11.0")
TOGETHER = (PACKAGE, "flask", "python-socketio", "python-engineio", "werkzeug", "eventlet")
TITLES = {PACKAGE: "Flask-SocketIO", "flask": "Flask"}
MOST_BYTES, MOST_LETTERS = 20_000, 2_000  # read of a file, and of a line
MOST_LINES, MOST_CONDITIONS = 1_000, 40  # looked at of all files, and about a package
INCLUDES = re.compile(
    r"(?P<option>-r|--requirement(?=[\s=])|-c|--constraint(?=[\s=]))[\s=]*"
    r"(?P<path>\"[^\"]+\"|'[^']+'|\S+)"
)
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True)
class Line:
    """One line of a requirements file; `wanted` is None where pip could not read it.

    A line of a file that `-c` names is a `limit`: it asks for nothing. One that names another
    file `opens` it; `loops` tells that pip is reading that file already.
    """

    text: str
    number: int
    wanted: Requirement | None
    file: str = "requirements.txt"
    limit: bool = False
    opens: str = ""
    loops: bool = False

    @property
    def said(self) -> str:
        """The beginning of a message about this line."""
        return f"Line {self.number} of `{self.file}` is `{self.text[:80]}`."

    @property
    def spec(self) -> SpecifierSet:
        """The versions that this line allows."""
        return self.wanted.specifier if self.wanted else SpecifierSet()

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
    return _lines_of(files, "requirements.txt", False, (), set())


def _lines_of(
    files: Mapping[str, bytes],
    name: str,
    limit: bool,
    around: tuple[str, ...],
    read: set[tuple[str, bool]],
) -> Iterator[Line]:
    """The lines of one file; `around` are the files that led to it, `read` those already read."""
    read.add((name, limit))
    text = re.sub(r"\\\r?\n", " ", _decoded(files.get(name, b"")))
    for number, raw in enumerate(text.splitlines(), start=1):
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()[:MOST_LETTERS]
        if included := INCLUDES.match(line):
            path = _path(included["path"].strip("\"'"), name)
            limits = included["option"] in {"-c", "--constraint"}
            yield Line(line, number, None, name, limits, path, path in {*around, name})
            if path in files and (path, limits) not in read:
                yield from _lines_of(files, path, limits, (*around, name), read)
        elif editable := re.match(r"(?:-e|--editable)[\s=]+(\S+)", line):
            yield Line(line, number, _requirement(editable[1]), name, limit)
        elif line and not line.startswith("-"):
            yield Line(line, number, _requirement(line), name, limit)


def _path(written: str, name: str) -> str:
    """The file that a line of `name` includes; empty for one that only pip can look for."""
    if "://" in written or "${" in written:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), written.replace("\\", "/")))


def _is_left_out(path: str) -> bool:
    """Whether a path has a name that begins with a dot: such files do not come to the check."""
    return any(part.startswith(".") and part != ".." for part in path.split("/"))


def _near(text: str) -> Iterator[str]:
    """A version, and those around it: the next and the last ones of its three numbers."""
    yield text
    for version in _versions([text]):
        numbers = version.major, version.minor, version.micro
        for place, number in enumerate(numbers):
            for other, rest in ((number + 1, 0), (number - 1, 9999)):
                if other >= 0:
                    yield ".".join(map(str, [*numbers[:place], other, rest, rest][:3]))


def _versions(texts: Iterable[str]) -> Iterator[Version]:
    for text in texts:
        try:
            yield Version(text)
        except InvalidVersion:  # `===` compares any text
            continue


class Wanted:
    """All that a submission's files for pip say."""

    def __init__(self, app: App) -> None:
        """Read the files, once."""
        self.lines = list(islice(_lines(app.files), MOST_LINES))
        self._versions = app.versions

    def about(self, package: str, *, limits: bool = True) -> list[Line]:
        """The lines that name a package; without `limits`, those that ask for it."""
        lines = (line for line in self.lines if line.name == package and line.applies)
        return [line for line in lines if limits or not line.limit]

    def spec(self, package: str) -> SpecifierSet:
        """What all lines about a package ask for together."""
        spec = SpecifierSet()
        for line in self.about(package):
            spec &= line.spec
        return spec

    def newest(self, package: str) -> Version | None:
        """The newest version that the lines allow; None where they allow none.

        Versions that a condition names itself count too: they may be newer than what we know.
        """
        spec = self.spec(package)
        named = (part.version.removesuffix(".*") for part in islice(spec, MOST_CONDITIONS))
        candidates = {*KNOWN[package].split(), *named, self._versions.get(package, "0")}
        return max(spec.filter(_versions(candidates), prereleases=True), default=None)

    def allowed(self, package: str, spec: SpecifierSet) -> list[Version]:
        """Versions that `spec` allows, also some that may not exist: none only where none can."""
        parts = (part.version.removesuffix(".*") for part in islice(spec, MOST_CONDITIONS))
        known = KNOWN.get(package, "").split()
        candidates = {*known, *chain(*map(_near, parts)), self._versions.get(package, "0"), "0"}
        return list(spec.filter(_versions(candidates), prereleases=True))


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
    wanted = Wanted(app)
    for line in wanted.lines:
        _is_there(app, line)
        if not line.opens:
            _is_readable(line)
    if wanted.about(PACKAGE, limits=False):
        return
    for line in wanted.lines:
        _is_another_package(line)
    raise Failure(
        "`requirements.txt` does not ask for Flask-SocketIO.",
        help="Add a line that holds the package's name: `flask-socketio`. A line that begins "
        "with `#` is a note for people, and pip passes over it.",
    )


def _is_there(app: App, line: Line) -> None:
    """Raise a Failure if `line` includes a file that pip cannot open, or opens for ever."""
    expect(
        not line.loops,
        f"Line {line.number} of `{line.file}` includes a file that pip is reading already, and pip "
        "cannot come to an end.",
        help="Of two files, one may include the other. Take this line out.",
        line=line.number,
    )
    expect(
        not line.opens or line.opens in app.files or _is_left_out(line.opens),
        f"{line.said} pip stops there: there is no file `{line.opens}` in your folder.",
        help="`-r` and `-c` make pip open another file. Create that file, or take the line out: "
        "all that you need may stand in `requirements.txt`.",
        line=line.number,
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
        line.name != PACKAGE or not line.limit,
        f"{line.said} A file that is named after `-c` asks for nothing: it only says which "
        "versions will do.",
        help="Add a line `flask-socketio` to `requirements.txt` itself.",
    )
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


@check(task=1, needs=requirements_ask_for_the_package)
def requirements_fit_together(app: App) -> None:
    """The versions that `requirements.txt` allows fit together."""
    wanted = Wanted(app)
    for package in TOGETHER:
        _is_possible(wanted, package)
    line = wanted.about(PACKAGE, limits=False)[0]
    newest = wanted.newest(PACKAGE)
    expect(
        newest is not None and newest.major == 5,
        f"{line.said} The course is about version 5; installed here is {_installed(app)}.",
        help="Ask for a version of series 5, for instance `flask-socketio>=5.6.1`, or leave the "
        "version out.",
        line=line.number,
    )
    flask = wanted.newest("flask")
    expect(
        not newest or newest >= Version("5.6.1") or not flask or flask < Version("3.1.3"),
        f"{line.said} With it pip takes the newest Flask. From Flask 3.1.3 on, Flask-SocketIO up "
        "to 5.6.0 answers every visitor who connects with `AttributeError: property 'session' of "
        "'RequestContext' object has no setter`.",
        help="Ask for `flask-socketio>=5.6.1`. If you must keep the old version, ask for an old "
        "Flask too: `flask<3.1.3`.",
        line=line.number,
    )
    for old in wanted.about("eventlet", limits=False):
        eventlet = wanted.newest("eventlet")
        expect(
            eventlet is not None and eventlet >= Version("0.34.1"),
            f"{old.said} On Python 3.12 and newer, eventlet before 0.34.1 stops with "
            "`AttributeError: module 'ssl' has no attribute 'wrap_socket'`.",
            help="This lesson needs no eventlet: take the line out. To keep it, ask for "
            "`eventlet>=0.34.1`.",
            line=old.number,
        )
    for asking, wish in _wishes(wanted):
        _is_granted(wanted, asking, wish)


def _is_possible(wanted: Wanted, package: str) -> None:
    """Raise a Failure if the lines about a package contradict themselves or each other."""
    lines = wanted.about(package)[:MOST_CONDITIONS]
    if not lines or wanted.allowed(package, wanted.spec(package)):
        return
    for line in lines:
        expect(
            wanted.allowed(package, line.spec),
            f"{line.said} No version meets all of these conditions.",
            help="A comma means *and*: a version must meet what stands on both sides of it. Keep "
            "the conditions that you need, for instance `>=5.6.1` for Flask-SocketIO.",
            line=line.number,
        )
    pairs = (
        (a, b) for a, b in combinations(lines, 2) if not wanted.allowed(package, a.spec & b.spec)
    )
    first, second = next(pairs, (lines[0], lines[-1]))
    raise Failure(
        f"{first.said} {second.said} No version fits both lines, and pip installs one alone.",
        help="Keep the line that you need, and take the other one out.",
        line=second.number if first.file == second.file else None,
    )


def _wishes(wanted: Wanted) -> Iterator[tuple[str, Requirement]]:
    """What packages ask for themselves, each as (who asks, for what).

    A package is heard only where pip cannot choose a version of it that asks for less.
    """
    for package in TOGETHER:
        try:
            notes = distribution(package)
        except PackageNotFoundError:
            continue
        since = SAME_SINCE.get(package, notes.version)
        allowed = wanted.allowed(package, wanted.spec(package))
        if not allowed or min(allowed) < Version(since):
            continue
        for wish in map(Requirement, notes.requires or ()):
            if wish.marker is None or wish.marker.evaluate({"extra": ""}):
                yield f"{TITLES.get(package, package)} from {since} on", wish
        if package == PACKAGE:
            yield "python-socketio, which Flask-SocketIO is built on,", ENGINE


def _is_granted(wanted: Wanted, asking: str, wish: Requirement) -> None:
    """Raise a Failure if the submission allows no version that another package asks for."""
    package = canonicalize_name(wish.name)
    lines = wanted.about(package)
    if not lines or wanted.allowed(package, wanted.spec(package) & wish.specifier):
        return
    alone = (line for line in lines if not wanted.allowed(package, line.spec & wish.specifier))
    line = next(alone, lines[-1])
    raise Failure(
        f"{line.said} {asking} asks for `{wish.name}{wish.specifier}`, so pip finds no versions "
        "that fit together.",
        help=f"Take the line out, and pip chooses a version that fits. Or ask for "
        f"`{package}{wish.specifier}`.",
        line=line.number,
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
    _explain_guard(app, printed)
    _explain_quotes(app, printed, installed)
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


def _explain_guard(app: App, printed: str) -> None:
    """Raise a Failure if nothing was printed because of a condition that is never true."""
    nodes = () if printed.strip() else ast.walk(app.source.tree() or ast.Module([], []))
    for node in nodes:
        if not isinstance(node, ast.If):
            continue
        name = _asked_of_name(node.test)
        expect(
            name in {None, "__main__"},
            f"The program prints nothing. Line {node.lineno} asks whether `__name__` is `{name}`. "
            "It never is, and what stands under that line is passed over.",
            help="Run as a script, a file has the name `__main__`, with two underscores before "
            "`main` and two after it. Write it so, or take that line out.",
            line=node.lineno,
        )


def _asked_of_name(node: ast.expr) -> str | None:
    """The text that `__name__` is to be equal to, if that is what `node` asks."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq):
        return None
    sides = [node.left, *node.comparators]
    if not any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides):
        return None
    texts = map(constant, sides)
    return next((text for text in texts if isinstance(text, str)), None)


def _explain_quotes(app: App, printed: str, installed: str) -> None:
    """Raise a Failure if the call that was to be worked out was printed as text."""
    call = re.search(r"(\{[^{}]*)?\bversion\s*\(", printed)
    if call is None:
        return
    texts = ast.walk(app.source.tree() or ast.Module([], []))
    lines = (
        n.lineno
        for n in texts
        if isinstance(n, ast.Constant) and re.search(r"\bversion\s*\(", str(n.value))
    )
    raise Failure(
        "The program prints the words of a call, and not the version that the call gives back.",
        help="Braces in a text are filled in only if an `f` stands before its first quotation "
        "mark: `f\"… {version('flask-socketio')}\"`."
        if call[1]
        else "What stands in quotation marks is text, and Python does not work it out. Take the "
        'outer ones away: `print(version("flask-socketio"))`.',
        line=next(lines, None),
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
