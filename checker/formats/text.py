"""Text that strangers wrote, made safe to show: nothing hidden, nothing that moves a cursor."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping

from checker.report import OUTPUT_SHOWN, Json, excerpt

MAX_MESSAGE = 4000
"""Characters of one message that a report shows."""
_MAX_VALUE = 300
_MAX_DEPTH = 32
_MAX_INTEGER_BITS = 4096
_JOINERS = "\u200c\u200d"
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_CANDIDATE = re.compile(r"[^\x20-\x7e\n\t]")
_CUT_NOTE = " more characters)"
_CUT_NOTE_LENGTH = 60


def clean(text: str) -> str:
    r"""Return ``text`` with every character that is not visible written as an escape.

    Control characters, direction marks, lone surrogates and non-characters become ``\x1b`` or
    ``\u202e``. Newlines, tabs, and the joiners that some scripts need stay.
    """
    return _CANDIDATE.sub(_visible, text.replace("\r\n", "\n"))


def is_hidden(character: str) -> bool:
    """Whether a character shows nothing, moves the cursor, or turns the writing direction."""
    if character in _JOINERS:
        return False
    point = ord(character)
    nothing = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return nothing or unicodedata.category(character) in _HIDDEN_CATEGORIES


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    if not is_hidden(character):
        return character
    point = ord(character)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def name(text: str) -> str:
    """Return a learner's or a file's name on one line, with nothing hidden in it."""
    return clean(text).replace("\n", "\\n").replace("\t", "\\t")


def one_line(text: str, limit: int = MAX_MESSAGE) -> str:
    """Return ``text`` cleaned, its lines joined by spaces, at most ``limit`` characters."""
    return cut(" ".join(clean(text).split()), limit)


def message(text: str) -> str:
    """Return a message of a check, cleaned and bounded at `MAX_MESSAGE` characters."""
    return cut(clean(text).strip("\n"), MAX_MESSAGE)


def output(text: str) -> str:
    """Return what a learner's app printed: cleaned, 500 characters of it, a cut announced.

    A text that was cut before carries its note, and stays as it is.
    """
    return cut_once(clean(cut_once(text)))


def cut_once(text: str) -> str:
    """Return beginning and end of a text that may be long; one that was cut before stays."""
    cut_before = _CUT_NOTE in text and len(text) <= OUTPUT_SHOWN + _CUT_NOTE_LENGTH
    return text if cut_before else excerpt(text)


def cut(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters, the note that announces a cut included."""
    if len(text) <= limit:
        return text
    note = f"… ({len(text)} characters in all)"
    return text[: max(0, limit - len(note))] + note


def value(observed: Json) -> str:
    """Return a value as JSON on one line, cleaned and bounded at 300 characters."""
    return cut(clean(json.dumps(plain(observed), ensure_ascii=False)), _MAX_VALUE)


def plain(observed: Json, depth: int = 0) -> Json:
    """Return ``observed`` with only what every JSON reader takes.

    Lone surrogates, NaN and infinities, absurd integers and absurd depth become text.
    """
    if isinstance(observed, str):
        return observed.encode("utf-8", "replace").decode("utf-8")
    if isinstance(observed, float) and not math.isfinite(observed):
        return str(observed)
    if isinstance(observed, int) and observed.bit_length() > _MAX_INTEGER_BITS:
        return f"an integer of {observed.bit_length()} bits"
    if isinstance(observed, list | tuple | Mapping) and depth >= _MAX_DEPTH:
        return "… (nested deeper)"
    if isinstance(observed, Mapping):
        return {_key(key): plain(item, depth + 1) for key, item in observed.items()}
    if isinstance(observed, list | tuple):
        return [plain(item, depth + 1) for item in observed]
    return observed


def _key(key: str) -> str:
    return str(key).encode("utf-8", "replace").decode("utf-8")
