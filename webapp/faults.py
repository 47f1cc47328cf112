"""What is wrong with a file before it runs: shown in the editor's margin while one types.

Python's own parser and pyflakes read the source; nothing of it is executed.
"""

from __future__ import annotations

from typing import Any

from pyflakes import messages
from pyflakes.checker import Checker

from checker.syntax import parse

MOST_CHARACTERS = 20_000
"""Of a longer file nothing is said: reading it would take too long."""
MOST = 5
"""Faults that are told of one file; the first ones are the cause of the others."""
_WORDS: dict[type[messages.Message], str] = {
    messages.UndefinedName: (
        "`{0}` has no value here. Is it spelled as where it is made? Is an import missing?"
    ),
    messages.UndefinedLocal: "`{0}` is used here before this function gives it a value.",
    messages.ReturnOutsideFunction: "This `return` stands in no function. Indent it.",
    messages.DuplicateArgument: "Two parameters of this function are called `{0}`.",
}


def faults(name: str, text: str) -> list[dict[str, Any]]:
    """Return the faults of a file, top to bottom, each with ``line`` (from 1) and ``text``.

    Only Python is read here; HTML is read in the browser.
    """
    if not name.endswith(".py") or len(text) > MOST_CHARACTERS:
        return []
    try:
        found = Checker(parse(text, name), filename=name).messages
    except SyntaxError as error:
        return [{"line": error.lineno or 1, "text": f"Python cannot read this line: {error.msg}."}]
    except (RecursionError, MemoryError, ValueError):
        return [{"line": 1, "text": "Python cannot read this file: it is nested too deeply."}]
    told = [item for item in found if type(item) in _WORDS]
    told.sort(key=lambda item: int(item.lineno))
    return [
        {"line": item.lineno, "text": _WORDS[type(item)].format(*item.message_args)}
        for item in told[:MOST]
    ]
