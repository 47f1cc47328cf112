"""A set of files, by name: what they may be called, their fingerprints, and their other forms."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, TypeAlias

from webapp.faults import faults

Files: TypeAlias = Mapping[str, bytes]

PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}")
DEEPEST = 4


class BadName(ValueError):
    """A file name that cannot be used; the message says what may."""


def check_name(name: str) -> str:
    """Return ``name`` if a file may be called so; raises BadName."""
    parts = name.split("/")
    if not all(PART.fullmatch(part) for part in parts):
        raise BadName(
            "A file name may have letters, digits, `_`, `-` and `.`, "
            "with `/` between folders, and begins with a letter or a digit."
        )
    if len(parts) > DEEPEST:
        raise BadName(f"A file may lie at most {DEEPEST - 1} folders deep.")
    return name


def seal(content: bytes) -> str:
    """Return a short fingerprint of one file's content; 16 hex digits."""
    return hashlib.sha256(content).hexdigest()[:16]


def digest(files: Files) -> str:
    """Return a fingerprint of files and their names; 64 hex digits."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()


def as_text(content: bytes) -> str | None:
    """Return a file's text with Unix line endings, or None if it is not UTF-8 text."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.replace("\r\n", "\n")


def texts(files: Files) -> dict[str, dict[str, Any]]:
    """Return the files that are text, as the page shows them: text, seal and faults by name."""
    shown: dict[str, dict[str, Any]] = {}
    for name in sorted(files):
        text = as_text(files[name])
        if text is not None:
            shown[name] = {"text": text, "seal": seal(files[name]), "faults": faults(name, text)}
    return shown


def pack(files: Files) -> bytes:
    """Return the files as one compressed string of bytes."""
    text = json.dumps({name: b64encode(data).decode() for name, data in files.items()})
    return zlib.compress(text.encode())


def unpack(packed: bytes) -> dict[str, bytes]:
    """Return what `pack` was given."""
    kept = json.loads(zlib.decompress(packed))
    return {name: b64decode(data) for name, data in kept.items()}
