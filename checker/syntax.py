"""Python source to a syntax tree: parsed, never executed."""

from __future__ import annotations

import ast
import re
import threading
import warnings

# CPython 3.11 counts the depth of a tree for the whole process (two threads that parse at once
# raise SystemError), and filters of warnings belong to the whole process as well.
_ALONE = threading.Lock()
_PUNYCODE = re.compile(
    rb"\A(?:[^\r\n]*(?:\r\n?|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*punycode\b", re.I
)
"""An encoding for names of machines. A file in it takes seconds: each letter is inserted."""


def parse(source: bytes | str, name: str = "app.py") -> ast.Module:
    """Parse ``source`` without printing its warnings.

    Raises what `ast.parse` raises: SyntaxError, ValueError, RecursionError or MemoryError.
    """
    if isinstance(source, bytes) and _PUNYCODE.match(source):
        raise SyntaxError("punycode is no encoding for programs")
    with _ALONE, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, name)
