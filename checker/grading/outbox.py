"""Where results are put: each file whole or not at all, under a name that any system takes."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

MAX_STEM = 60
MARK = '<meta name="generator" content="course grade">'
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*")
_HASHED = re.compile(r".*-[0-9a-f]{10}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|index")


def page_name(learner: str) -> str:
    """Return the file name of a learner's page: plain ASCII, and different for every learner."""
    plain = _PLAIN.fullmatch(learner) and not learner.endswith(".") and len(learner) <= MAX_STEM
    if plain and not _HASHED.fullmatch(learner) and not _RESERVED.fullmatch(learner):
        return f"{learner}.html"
    ascii_only = unicodedata.normalize("NFKD", learner).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:MAX_STEM].strip("-") or "learner"
    digest = hashlib.sha256(learner.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{stem}-{digest}.html"


def write(path: Path, pieces: Iterable[str]) -> None:
    """Write text in UTF-8 so that a reader, or a crash, meets the old file or the new one whole.

    The temporary file has one fixed name: what a crash leaves is overwritten by the next run.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with open(temporary, "w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
    os.replace(temporary, path)


def remove_others(folder: Path, keep: set[str]) -> None:
    """Remove the pages of learners who are no longer there; files that are not ours stay."""
    for path in folder.glob("*.html"):
        if path.name not in keep and path.is_file() and _is_ours(path):
            path.unlink()


def _is_ours(path: Path) -> bool:
    with open(path, "rb") as file:
        return MARK.encode() in file.read(1000)
