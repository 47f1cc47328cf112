"""Python source to a syntax tree: parsed, never executed."""

from __future__ import annotations

import ast
import threading
import warnings

# CPython 3.11 counts the depth of a tree for the whole process (two threads that parse at once
# raise SystemError), and filters of warnings belong to the whole process as well.
_ALONE = threading.Lock()


def parse(source: bytes | str, name: str = "app.py") -> ast.Module:
    """Parse ``source`` without printing its warnings.

    Raises what `ast.parse` raises: SyntaxError, ValueError, RecursionError or MemoryError.
    """
    with _ALONE, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, name)
