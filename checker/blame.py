"""What a traceback blames: the last error that was printed, and the learner's own lines in it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["Stop", "frames", "last_error", "last_own_line", "last_stop", "last_words"]

_BEGINS = "Traceback (most recent call last)"

# No pattern here may backtrack over what a learner's app can print.
_FRAME = re.compile(r'^ *File "([^"\n]{1,400})", line (\d{1,7})\b', re.M)
_INSIDE = re.compile(r"/(?:app|course-app-[^/]{1,100})/")
_ERROR = re.compile(r"^\w[\w.]{0,99}(?:Error|Exception)\b[^\n]{0,300}", re.M)
_WORDS = re.compile(r"^[A-Za-z_][\w.]*(?:: .*)?$", re.M)
_CALLED = re.compile(r"TypeError: ([\w.<>]{1,100})\(\) (?:missing|takes|got an unexpected)\b")
_TAIL = 100_000
"""Characters at the end of an output that are read."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An error that ended a piece of work.

    ``words`` is its last line. ``file`` and ``line`` are the last place in the learner's files, if
    the error came so far. ``called`` names the function that could not be called with what it was
    given; ``by_event`` tells that an event called it, and not a task or a thread.
    """

    words: str
    file: str | None
    line: int | None
    called: str | None
    by_event: bool


def last_stop(output: str, files: Collection[str]) -> Stop | None:
    """Find the last error of the learner's ``files``, or of a call into them, in an output."""
    for part in reversed(output[-_TAIL:].split(_BEGINS)[1:]):
        error = _ERROR.search(part)
        if error is None:
            continue
        own = _own_frames(part[: error.start()], files)
        called = None if own else _CALLED.match(error[0])
        if own or called:
            file, line = own[-1] if own else (None, None)
            name = called[1] if called else None
            return Stop(error[0], file, line, name, "in _handle_event\n" in part)
    return None


def last_error(output: str) -> str:
    """Return the last error that was printed, whoever raised it; nothing if there is none.

    Its words are the first line below the traceback that begins with a name: what stands farther
    below may belong to something else.
    """
    _, begins, trace = output[-_TAIL:].rpartition(f"{_BEGINS}:")
    found = _WORDS.search(trace) if begins else None
    return found[0][:300] if found else ""


def last_words(output: str) -> str:
    """Write the last error that was printed as a sentence."""
    error = last_error(output)
    return f"The error is: {error}" if error else "No error text was printed."


def last_own_line(output: str, file: str) -> int | None:
    """Return the last line of the learner's ``file`` that a traceback names.

    A library may have a file of the same name, as Flask has an `app.py`.
    """
    own = _own_frames(output[-_TAIL:], (file,))
    return own[-1][1] if own else None


def frames(printed: str) -> list[tuple[str, int]]:
    """Return the places in the learner's folder that tracebacks name: file and line of each."""
    return [
        (parts[1], int(number))
        for path, number in _FRAME.findall(printed)
        if len(parts := _INSIDE.split(path, maxsplit=1)) == 2
    ]


def _own_frames(printed: str, files: Collection[str]) -> list[tuple[str, int]]:
    return [place for place in frames(printed) if place[0] in files]
