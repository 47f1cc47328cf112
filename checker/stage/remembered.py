"""What was found out about the installed packages, kept until any of them changes.

To find out takes 60 ms of each command that starts a sandbox. It is kept in the user's cache
folder; where that cannot be read or written, everything is found out anew.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_FORMAT = 1
"""To be raised when `Seen` changes its meaning."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Versions by the normalised names of distributions, and paths by top-level names."""

    versions: dict[str, str]
    entries: dict[str, str]


def state() -> list[object]:
    """Return what changes with every package that is installed, updated or removed."""
    seen: list[object] = [_FORMAT, sys.version]
    for path in filter(os.path.isdir, sys.path):
        with suppress(OSError):  # it is gone by now
            seen.append([path, os.stat(path).st_mtime_ns])
    return seen


def recall(roots: Sequence[str]) -> Seen | None:
    """Return what was remembered of distributions, if nothing was installed or removed since."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(_file(roots).read_bytes())
        if kept["of"] == state() and isinstance(kept["seen"], dict):
            return Seen(_texts(kept["seen"]["versions"]), _texts(kept["seen"]["entries"]))
    return None


def remember(roots: Sequence[str], seen: Seen, then: list[object]) -> None:
    """Keep what was found out, where that is possible; ``then`` is the `state` before that.

    What was installed meanwhile may have been missed, so it must not count as known.
    """
    with suppress(OSError):
        target = _file(roots)
        part = target.with_name(f".{target.name}.{os.getpid()}")
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"of": then, "seen": asdict(seen)}))
        part.replace(target)


def forget(roots: Sequence[str]) -> None:
    """Find everything out anew the next time."""
    with suppress(OSError):
        _file(roots).unlink()


def _file(roots: Sequence[str]) -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if base.startswith("~"):
        raise FileNotFoundError("This user has no home folder.")
    return Path(base) / "flask-socketio-course" / f"packages-{'-'.join(roots)}.json"


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return {str(key): str(item) for key, item in value.items()}
