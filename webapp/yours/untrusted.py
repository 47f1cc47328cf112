"""Values of a file that a stranger may have made, each read against what it must be."""

from __future__ import annotations

import math
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

MOST_ENTRIES = 2_000
LATEST = 4_102_444_800.0
"""The end of the year 2099, in seconds since 1970."""

T = TypeVar("T")


class BadExport(ValueError):
    """A file that cannot be used; the message is one sentence that says where and why."""


def is_a(kind: type[T], value: Any, where: str) -> T:
    """Return ``value`` if it is of ``kind``; raises BadExport, as all of these do."""
    if type(value) is not kind:
        names = {dict: "an object", list: "a list", str: "a text", int: "a whole number"}
        raise BadExport(f"In the file, {where} must be {names[kind]}.")
    return value


def entries_of(value: Any, where: str, kind: type[Any]) -> Any:
    """Return an object or a list with not too many entries."""
    found = is_a(kind, value, where)
    if len(found) > MOST_ENTRIES:
        raise BadExport(f"In the file, {where} has more than {MOST_ENTRIES} entries.")
    return found


def count(value: Any, where: str) -> int:
    """Return a whole number from 0 to 1,000,000."""
    number = is_a(int, value, where)
    if not 0 <= number <= 1_000_000:
        raise BadExport(f"In the file, {where} must be between 0 and 1,000,000.")
    return number


def numbered(value: Any, where: str) -> dict[int, Any]:
    """Return an object whose names are the numbers of tasks."""
    entries = entries_of(value, where, dict)
    if not all(key.isascii() and key.isdecimal() and len(key) < 4 for key in entries):
        raise BadExport(f"In the file, {where} must have the numbers of tasks as names.")
    return {int(key): entry for key, entry in entries.items()}


def moment(entry: Mapping[Any, Any], key: Any, where: str) -> float:
    """Return ``entry[key]``, a moment in ISO form, as seconds since 1970."""
    text = is_a(str, entry.get(key), f"{key} of {where}")
    try:
        at = datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        raise BadExport(f"In the file, {key} of {where} is no moment: {text[:40]!r}.") from None
    if not math.isfinite(at) or not 0 <= at < LATEST:
        raise BadExport(f"In the file, {key} of {where} lies outside of our time: {text[:40]!r}.")
    return at


def texts_of(value: Any, where: str) -> dict[str, str]:
    """Return an object of a few short texts."""
    entries = entries_of(value, where, dict)
    if len(entries) > 30:
        raise BadExport(f"In the file, {where} has more than 30 entries.")
    return {key[:40]: is_a(str, text, f"{where}, {key[:40]}")[:40] for key, text in entries.items()}


def bytes_of(content: Any, where: str) -> bytes:
    """Return a file's content: a text, or an object with ``base64``."""
    if isinstance(content, dict):
        try:
            return b64decode(is_a(str, content.get("base64"), f"{where}, base64"), validate=True)
        except ValueError as problem:
            if isinstance(problem, BadExport):
                raise
            raise BadExport(f"In the file, {where} is not base64.") from None
    try:
        return is_a(str, content, where).encode()
    except UnicodeEncodeError:
        raise BadExport(f"In the file, {where} has characters that cannot be saved.") from None


def memory_of(value: Any) -> dict[str, Any] | None:
    """Return what the scheduler of Recall keeps of a card, as the scheduler itself reads it."""
    if value is None:
        return None
    import fsrs

    try:
        card = fsrs.Card.from_dict(cast("Any", is_a(dict, value, "recall, memory")))
        numbers = (card.stability, card.difficulty)
        times = (card.due, card.last_review)
        sound = all(n is None or 0 < float(n) < 1_000_000 for n in numbers)
        if not sound or any(at is not None and at.tzinfo is None for at in times):
            raise ValueError
        return cast("dict[str, Any]", card.to_dict())
    except BadExport:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise BadExport("In the file, memory of recall is none that can be used.") from None
