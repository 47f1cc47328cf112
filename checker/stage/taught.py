"""Which installed packages a learner's app may see, and where they are on this machine."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from checker.stage import remembered
from checker.stage.remembered import Seen

if TYPE_CHECKING:
    from importlib.metadata import Distribution

TAUGHT = ("flask", "flask-socketio", "eventlet", "gevent")
"""What the course teaches; what these require comes along. Nothing else is visible inside."""
CLIENT = ("python-socketio", "requests", "websocket-client", "psutil")
"""What our own real client needs, beside the learner's app but never in its path."""
REPORTED = ("flask", "flask-socketio", "python-socketio", "python-engineio", "werkzeug")


@dataclass(frozen=True)
class Packages:
    """A set of distributions with everything that they require."""

    roots: tuple[str, ...]

    @cached_property
    def distributions(self) -> dict[str, Distribution]:
        """Normalised name to distribution, requirements included. Missing roots are left out."""
        from importlib.metadata import PackageNotFoundError, distribution

        found: dict[str, Distribution] = {}
        pending = list(self.roots)
        while pending:
            name = normalise(pending.pop())
            if name in found:
                continue
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                continue
            pending.extend(_required(found[name]))
        return found

    @cached_property
    def _seen(self) -> Seen:
        seen = remembered.recall(self.roots)
        if seen is None:
            then = remembered.state()
            found = self.distributions
            versions = {name: dist.version for name, dist in found.items()}
            places = {
                name: str(dist.locate_file(name))
                for dist in found.values()
                for name in _top_levels(dist)
            }
            seen = Seen(versions, places)
            _compile([Path(place) for place in places.values()])
            remembered.remember(self.roots, seen, then)
        return seen

    @property
    def entries(self) -> dict[str, Path]:
        """Top-level names (packages, modules, metadata) to their places on this machine."""
        return {name: Path(place) for name, place in self._seen.entries.items()}

    def versions(self, names: Iterable[str] = REPORTED) -> dict[str, str]:
        """Return the installed version of each of ``names`` that is here."""
        known = self._seen.versions
        return {name: known[normalise(name)] for name in names if normalise(name) in known}

    def forget(self) -> None:
        """Look anew at what is installed, whatever was remembered."""
        remembered.forget(self.roots)
        vars(self).pop("_seen", None)


def _compile(places: list[Path]) -> None:
    """Write byte code where none is, for a sandbox cannot keep what it compiles.

    Importing Flask-SocketIO takes several times as long without it.
    """
    import compileall

    for path in places:
        if path.is_dir() and path.suffix == "" and not _compiled(path):
            compileall.compile_dir(path, quiet=2, workers=0 if len(places) > 40 else 1)


def normalise(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def interpreter() -> Path:
    """The real Python binary behind this process, outside any virtual environment."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    return Path(os.path.realpath(base))


def _compiled(folder: Path) -> bool:
    tag = f".{sys.implementation.cache_tag}.pyc"
    sources = any(item.suffix == ".py" for item in folder.iterdir())
    cache = folder / "__pycache__"
    return not sources or (cache.is_dir() and any(p.name.endswith(tag) for p in cache.iterdir()))


def _required(dist: Distribution) -> Iterator[str]:
    from packaging.requirements import Requirement  # slow, and most commands start no sandbox

    for line in dist.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def _top_levels(dist: Distribution) -> set[str]:
    names = {Path(str(file)).parts[0] for file in dist.files or ()}
    return {name for name in names if name not in {"..", "__pycache__", "bin"}}
