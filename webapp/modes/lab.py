"""The programs and recorded runs of the load lab, read from ``lessons/modes/perf``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checker.lesson import Course, CourseError

DISTURB = (3.0, 5.0, 7.0)
"""Seconds at which one client sends ``slow``."""
SECONDS = 9.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A mode, or a pattern: what may stand in the way."""

    slug: str
    name: str
    says: str
    parts: Mapping[str, Any]


@dataclass(frozen=True)
class Lab:
    """What can be chosen, the text beside it, and what was measured before."""

    modes: tuple[Choice, ...]
    patterns: tuple[Choice, ...]
    clients: tuple[int, ...]
    text: str
    body: str
    tail: str
    recorded: Mapping[str, Any]

    def program(self, mode: str, pattern: str) -> str:
        """Return the whole ``app.py``; raises KeyError for a choice that is none."""
        way = next((each for each in self.modes if each.slug == mode), None)
        what = next((each for each in self.patterns if each.slug == pattern), None)
        if way is None or what is None:
            raise KeyError(mode if way is None else pattern)
        patch = way.parts.get("patch", "") if what.parts.get("patched", True) else ""
        imports = "from flask import Flask\nfrom flask_socketio import SocketIO\n"
        heads = [patch.strip(), what.parts.get("imports", ""), imports.rstrip()]
        head = "\n\n".join(each for each in heads if each)
        body = self.body.strip().replace("{mode}", mode)
        code = what.parts.get("code", "").strip()
        return "\n\n".join([head, body]) + (f"\n\n\n{code}" if code else "") + "\n\n" + self.tail

    def disturb(self, pattern: str) -> tuple[float, ...]:
        """Return when ``slow`` is sent; a pattern without code has nobody to listen to it."""
        what = next(each for each in self.patterns if each.slug == pattern)
        return DISTURB if what.parts.get("code") else ()


def load_lab(course: Course) -> Lab | None:
    """Read the course's lab; None for a course without one. Raises CourseError."""
    folder = course.root / "modes" / "perf"
    if not (folder / "lab.toml").is_file():
        return None
    try:
        data = tomllib.loads((folder / "lab.toml").read_text("utf-8"))
        return Lab(
            modes=tuple(_choice(item) for item in data["mode"]),
            patterns=tuple(_choice(item) for item in data["pattern"]),
            clients=tuple(data["clients"]),
            text=(folder / "limits.md").read_text("utf-8"),
            body=data["body"],
            tail=data["tail"].lstrip("\n"),
            recorded=_recorded(folder / "recorded.json"),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"modes/perf/lab.toml cannot be used: {error}.") from None


def _choice(item: Mapping[str, Any]) -> Choice:
    return Choice(item["slug"], item["name"], item["says"], item)


def _recorded(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}


def summary(samples: Sequence[Mapping[str, Any]], ramp: float = 1.5) -> dict[str, float | None]:
    """Return one run in four numbers: answers a second, and delays in milliseconds.

    The time in which the clients connect does not count.
    """
    steady = [each for each in samples if each["at"] > ramp] or samples
    medians = sorted(each["median"] for each in steady if each["median"] is not None)
    slow = sorted(each["p95"] for each in steady if each["p95"] is not None)
    return {
        "rate": round(sum(each["rate"] for each in steady) / len(steady), 1),
        "median": medians[len(medians) // 2] if medians else None,
        "p95": slow[len(slow) // 2] if slow else None,
        "worst": slow[-1] if slow else None,
    }
