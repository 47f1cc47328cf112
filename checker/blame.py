"""What a traceback blames: the last error of the learner's own code that a server printed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["Stop", "last_stop"]

# No pattern here may backtrack over what a learner's app can print.
_FRAME = re.compile(r'^ *File "([^"\n]{1,400})", line (\d{1,7})\b', re.M)
_INSIDE = re.compile(r"/(?:app|course-app-[^/]{1,100})/")
_ERROR = re.compile(r"^\w[\w.]{0,99}(?:Error|Exception)\b[^\n]{0,300}", re.M)
_CALLED = re.compile(r"TypeError: ([\w.<>]{1,100})\(\) (?:missing|takes)\b")
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
    for part in reversed(output[-_TAIL:].split("Traceback (most recent call last)")[1:]):
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


def _own_frames(stack: str, files: Collection[str]) -> list[tuple[str, int]]:
    places = [
        (parts[1], int(number))
        for path, number in _FRAME.findall(stack)
        if len(parts := _INSIDE.split(path, maxsplit=1)) == 2
    ]
    return [place for place in places if place[0] in files]
