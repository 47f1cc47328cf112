"""Lesson 1: the package is asked for, can be imported, and its installed version is printed."""

import re
import secrets

from checker import App, Failure, check, expect, last_own_line

from .conflicts import (
    TOGETHER,
    expect_eventlet_fits,
    expect_fifth_series,
    expect_flask_fits,
    expect_granted,
    expect_possible,
    wishes,
)
from .lines import PACKAGE, expect_readable, expect_there, refuse_another_package
from .modules import imported_modules, offered
from .output import explain_guard, explain_quotes, shows
from .stops import explain_hiding_file, explain_name
from .versions import Wanted

MODULE = "flask_socketio"
NEEDED = {"flask", MODULE, "socketio", "engineio", "simple_websocket", "werkzeug"}
LOOKED_FOR = {"eventlet", "gevent"}


def _installed(app: App) -> str:
    return app.versions.get(PACKAGE, "no version")


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
    wanted = Wanted(app.files, app.versions)
    for line in wanted.lines:
        expect_there(app.files, line)
        if not line.opens:
            expect_readable(line)
    if wanted.about(PACKAGE, limits=False):
        return
    for line in wanted.lines:
        refuse_another_package(line)
    raise Failure(
        "`requirements.txt` does not ask for Flask-SocketIO.",
        help="Add a line that holds the package's name: `flask-socketio`. A line that begins "
        "with `#` is a note for people, and pip passes over it.",
    )


@check(task=1, needs=requirements_ask_for_the_package)
def requirements_fit_together(app: App) -> None:
    """The versions that `requirements.txt` allows fit together."""
    wanted = Wanted(app.files, app.versions)
    for package in TOGETHER:
        expect_possible(wanted, package)
    expect_fifth_series(wanted, _installed(app))
    expect_flask_fits(wanted)
    expect_eventlet_fits(wanted)
    for asking, wish in wishes(wanted):
        expect_granted(wanted, asking, wish)


@check(task=2)
def no_file_hides_a_package(app: App) -> None:
    """No file of yours has the name of a package that is needed."""
    for name, path in offered(app):
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
    line = last_own_line(finished.stderr, app.source.entry)
    stopped = f"The program stops with `{error}`."
    explain_hiding_file(app, stopped, line)
    explain_name(error, stopped, line)
    raise Failure(
        stopped if error else f"The program ends with exit status {finished.exit_code}, not 0.",
        help="Run `python app.py` and read the last lines of what it prints: they name the line "
        "and the reason.",
        line=line,
    )


@check(task=2, needs=no_file_hides_a_package)
def module_is_imported(app: App) -> None:
    """The program imports `flask_socketio`."""
    imported = set(imported_modules(app))
    if MODULE in imported:
        word = app.nonce()
        expect(
            word in app.run_script(tells={MODULE: word}).stderr,
            "The program holds a line that imports `flask_socketio`, and never comes to it.",
            help="Write `import flask_socketio` at the left edge, near the top of the file: what "
            "stands in a function that nobody calls, or below the end, is passed over.",
            line=app.source.line_of(MODULE),
        )
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


@check(task=2, points=2, needs=script_runs)
def installed_version_is_printed(app: App) -> None:
    """The installed version of Flask-SocketIO is printed."""
    finished = app.run_script()
    printed = finished.stdout + finished.stderr
    installed = _installed(app)
    if shows(printed, installed):
        return
    explain_guard(app, printed)
    explain_quotes(app, printed, installed)
    expect(
        bool(printed.strip()),
        "The program prints nothing.",
        help="Hand the version to `print(…)`. A value that is only worked out, or a function that "
        "is never called, shows nothing.",
    )
    others = [n for n, v in app.versions.items() if n != "python" and shows(printed, v)]
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
        shows(finished.stdout + finished.stderr, other),
        f"Run where Flask-SocketIO {other} is installed, the program does not print {other}.",
        help="The number must come from the machine, not from your text and not from "
        '`requirements.txt`. Ask for it with `version("flask-socketio")`.',
        expected=other,
        observed=(finished.stdout + finished.stderr).strip(),
    )
