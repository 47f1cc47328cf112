"""A program as lines, and each line as what it has in common with others: its features."""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

SUFFIXES = (".py", ".html", ".htm", ".js", ".mjs", ".css")
MAX_FILES = 20
MAX_LINES = 400
MAX_LINE = 200
"""Characters of a line, lines of a hand-in and files of it that are looked at."""
MAX_REMEMBERED = 20_000
RUN = 3
"""Lines of code that are looked at together."""
_MIN_WORD = 3

_STRING = r"[rbfuRBFU]{0,2}(?:\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?)"
_REST = rf"(?P<string>{_STRING})|(?P<number>\d\w*)|(?P<name>[^\W\d]\w*)|(?P<mark>[^\w\s])"
_PYTHON = re.compile(rf"(?P<comment>#.*)|{_REST}")
_OTHER = re.compile(rf"(?P<comment>//.*|<!--.*|/\*.*)|{_REST}")
_KEPT = frozenset(
    {
        *keyword.kwlist,
        *(name for name in dir(builtins) if not name.startswith("_")),
        *("function", "const", "let", "var", "new", "document", "window", "console", "io"),
    }
)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank. ``shape`` is its code with names and values taken away.

    ``features`` are hashes of 64 bits: of the shape, and of each word that somebody chose (names,
    texts, comments). ``run`` is that of the shape together with those of the lines that follow.
    """

    file: str
    number: int
    text: str
    shape: str
    features: frozenset[int]
    run: int | None


class Reader:
    """Reads hand-ins. It remembers lines, because a class writes the same ones over and over."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self._known: dict[tuple[bool, str], _Known] = {}
        self._runs: dict[tuple[str, ...], int] = {}

    def read(self, files: Mapping[str, bytes]) -> list[Line]:
        """Return the lines of the source files, within bounds; broken code is no trouble."""
        names = sorted(name for name in files if name.lower().endswith(SUFFIXES))
        lines: list[Line] = []
        for name in names[:MAX_FILES]:
            lines += self._lines(name, files[name], MAX_LINES - len(lines))
        return lines

    def _lines(self, file: str, data: bytes, most: int) -> Iterator[Line]:
        text = data[: most * MAX_LINE].decode("utf-8", "replace")
        numbered = ((n, line[:MAX_LINE].rstrip()) for n, line in enumerate(text.splitlines(), 1))
        places = list(islice(((n, line) for n, line in numbered if line.strip()), most))
        python = file.lower().endswith(".py")
        known = [self._read(python, line) for _, line in places]
        shapes = [one.shape for one in known if one.shape]
        code = 0
        for (number, line), one in zip(places, known, strict=True):
            run = None
            if one.shape:
                run = self._run(tuple(shapes[code : code + RUN]))
                code += 1
            yield Line(file, number, line, one.shape, one.features, run)

    def _read(self, python: bool, line: str) -> _Known:
        """Read one line on its own, or remember it."""
        known = self._known.get((python, line))
        if known is None:
            shape, words = _read_line(_PYTHON if python else _OTHER, line)
            features = {of_value("word", word) for word in words}
            features |= {of_value("line", shape)} if shape else set()
            known = _Known(shape, frozenset(features))
            if len(self._known) < MAX_REMEMBERED:
                self._known[python, line] = known
        return known

    def _run(self, shapes: tuple[str, ...]) -> int | None:
        if len(shapes) < RUN:
            return None
        known = self._runs.get(shapes)
        if known is None:
            known = of_value("lines", *shapes)
            if len(self._runs) < MAX_REMEMBERED:
                self._runs[shapes] = known
        return known


@dataclass(frozen=True, slots=True)
class _Known:
    shape: str
    features: frozenset[int]


def of_value(*parts: str) -> int:
    """Hash some text to 64 bits, the same in every process."""
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


def _read_line(scanner: re.Pattern[str], line: str) -> tuple[str, set[str]]:
    """Return a line's shape, and the words in it that somebody chose."""
    shape: list[str] = []
    words: set[str] = set()
    for match in scanner.finditer(line):
        kind, token = match.lastgroup, match[0]
        if kind == "name" and (token in _KEPT or shape[-1:] == ["."]):
            shape.append(token)
        elif kind == "name":
            shape.append("n")
            words |= {token} if len(token) >= _MIN_WORD else set()
        elif kind == "mark":
            shape.append(token)
        elif kind == "number":
            shape.append("0")
        else:
            shape += ["s"] if kind == "string" else []
            said = " ".join(_WORDS.findall(token.lower()))
            words |= {f"{kind} {said}"} if len(said) >= _MIN_WORD else set()
    return " ".join(shape), words
