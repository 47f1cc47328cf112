"""Why the program stops before its end."""

import re
import sys

from checker import App, expect

from .modules import offered


def explain_hiding_file(app: App, stopped: str, line: int | None) -> None:
    """Raise a Failure if a file of the submission hides a part of Python."""
    hidden = [path for name, path in offered(app) if name in sys.stdlib_module_names]
    expect(
        not hidden,
        f"Your `{hidden[0] if hidden else ''}` has the name of a part of Python. {stopped}",
        help="Python looks in your folder first, and finds your file in place of its own part. "
        "Give your file another name, and delete the folder `__pycache__` beside it.",
        line=line,
    )


def explain_name(error: str, stopped: str, line: int | None) -> None:
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
        not re.search("No module named .{0,99}socket", error, re.IGNORECASE),
        stopped,
        help="The module's name is `flask_socketio`, in small letters and with one underscore. If "
        "yours is spelled so, install it for this Python: `python -m pip install flask-socketio`.",
        line=line,
    )
