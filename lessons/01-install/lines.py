"""Single lines of files for pip: what they ask for, and which of them pip stops at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from packaging.requirements import Requirement

from checker import RequirementLine, expect, requirement_lines

PACKAGE = "flask-socketio"


def lines_of(files: Mapping[str, bytes]) -> Iterator[RequirementLine]:
    """Yield the lines that ask for something.

    An address asks for Flask-SocketIO if it holds the package's name.
    """
    for line in requirement_lines(files):
        if "://" in line.asks and " @ " not in line.asks:
            named = re.search(r"flask[-_.]socketio", line.asks, re.IGNORECASE)
            yield replace(line, wanted=Requirement(PACKAGE) if named else None)
        else:
            yield line


def said(line: RequirementLine) -> str:
    """Return the beginning of a message about a line."""
    return f"Line {line.number} of `{line.file}` is `{line.text[:80]}`."


def expect_there(files: Mapping[str, bytes], line: RequirementLine) -> None:
    """Raise a Failure if `line` includes a file that pip cannot open, or opens for ever."""
    expect(
        not line.loops,
        f"Line {line.number} of `{line.file}` includes a file that pip is reading already, and pip "
        "cannot come to an end.",
        help="Of two files, one may include the other. Take this line out.",
        line=line.number,
    )
    expect(
        not line.opens or line.opens in files or _is_left_out(line.opens),
        f"{said(line)} pip stops there: there is no file `{line.opens}` in your folder.",
        help="`-r` and `-c` make pip open another file. Create that file, or take the line out: "
        "all that you need may stand in `requirements.txt`.",
        line=line.number,
    )


def expect_readable(line: RequirementLine) -> None:
    """Raise a Failure if pip cannot read a line."""
    expect(
        not re.search(r"\bpip3?\b.{0,99}\binstall\b", line.text),
        f"{said(line)} That is a command. The file holds names.",
        help="Take the words of the command away and keep the name of the package.",
        line=line.number,
    )
    place = re.search(r"[/\\$]|\.whl$|\.zip$|\.gz$", line.text)
    expect(
        line.wanted is not None or place is not None,
        f"{said(line)} pip cannot read it.",
        help="A line holds the name of one package and, if you like, a version: "
        "`flask-socketio>=5.6.1`, or with two equals signs `flask-socketio==5.7.0`.",
        line=line.number,
    )


def refuse_another_package(line: RequirementLine) -> None:
    """Raise a Failure if a line is near to asking for Flask-SocketIO, and does not."""
    expect(
        line.name != PACKAGE or not line.limit,
        f"{said(line)} A file that is named after `-c` asks for nothing: it only says which "
        "versions will do.",
        help="Add a line `flask-socketio` to `requirements.txt` itself.",
    )
    expect(
        line.name != PACKAGE,
        f"{said(line)} What stands after the `;` is not true on this machine, so pip leaves it "
        "out.",
        help="Take the `;` away, and the condition after it.",
        line=line.number,
    )
    letters = re.sub(r"[^a-z]", "", line.name)
    expect(
        letters not in {"flasksocketio", "flasksocket", "socketio", "pythonsocketio"},
        f"{said(line)} That is another package than Flask-SocketIO.",
        help="The package's name is `flask-socketio`, with one hyphen.",
        line=line.number,
    )


def _is_left_out(path: str) -> bool:
    """Whether a path has a name that begins with a dot: such files do not come to the check."""
    return any(part.startswith(".") and part != ".." for part in path.split("/"))
