"""Code blocks that quote a lesson's files, so that prose cannot go stale.

A fence such as ```` ```python from="solution/app.py" part="handle_message" ```` has no body of its
own; it is filled from the file when the course is read.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from checker.syntax import parse

_FENCE = re.compile(
    r'^```(?P<language>\w+) from="(?P<file>[^"]+)"(?: part="(?P<part>[^"]+)")?[ ]*\n```$', re.M
)


class QuoteError(Exception):
    """A quotation names something that is not there."""


def expand(text: str, root: Path) -> str:
    """Fill each quoting fence in ``text`` with what it names below ``root``."""

    def fill(match: re.Match[str]) -> str:
        path = root / match["file"]
        if not path.is_file():
            raise QuoteError(f"there is no file {match['file']} to quote.")
        body = _parts(path, match["part"])
        return f'```{match["language"]} quoted="{match["file"]}"\n{body}\n```'

    filled = _FENCE.sub(fill, text)
    if re.search(r'^```\w+ from="', filled, re.M):
        raise QuoteError("a quoting code block must be empty and name from= before part=.")
    return filled


def _parts(path: Path, part: str | None) -> str:
    source = path.read_text(encoding="utf-8")
    if part is None:
        return source.rstrip("\n")
    find = _html_part if path.suffix in {".html", ".htm"} else _python_part
    return "\n\n\n".join(find(source, name.strip(), path.name) for name in part.split(","))


def _python_part(source: str, name: str, file: str) -> str:
    lines = source.splitlines()
    found = [node for node in parse(source, file).body if _is_called(node, name)]
    if not found:
        raise QuoteError(f"{file} has no part called {name!r}.")
    chunks = []
    for node in found:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        chunks.append("\n".join(lines[first - 1 : node.end_lineno]))
    return "\n".join(chunks)


def _is_called(node: ast.stmt, name: str) -> bool:
    if name == "imports":
        return isinstance(node, ast.Import | ast.ImportFrom)
    if name == "__main__":
        return isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == name
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.target, ast.Name) and node.target.id == name
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ast.unparse(node.value.func) == name
    return False


def _html_part(source: str, name: str, file: str) -> str:
    if name.startswith("#"):
        opening = re.search(rf'[ \t]*<(\w+)[^>]*\bid="{re.escape(name[1:])}"', source)
    else:
        opening = re.search(rf"[ \t]*<({re.escape(name)})\b", source)
    if not opening:
        raise QuoteError(f"{file} has no element {name!r}.")
    closing = re.compile(rf"</{opening[1]}>").search(source, opening.end())
    end = closing.end() if closing else source.index(">", opening.end()) + 1
    lines = source[opening.start() : end].strip("\n").splitlines()
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[margin:] for line in lines)
