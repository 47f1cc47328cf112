"""The recordings of the Visual mode: read, taken apart, and laid out as a drawing."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from webapp.modes.packets import Packet, read_body, read_bytes
from webapp.modes.telling import CARRIERS, OUT, Seen, carrier, sentence

FOLDER = Path("modes", "visual")
ONE_PAGE = "Page"
_KIND_WORDS = {"close": "close", "cut": "the line is cut", "mend": "the line is mended"}


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a recording. ``at`` is in seconds, ``size`` in bytes on the wire."""

    number: int
    at: float
    page: str
    direction: str
    kind: str
    carrier: str
    title: str
    sentence: str
    note: str
    label: str
    line: str
    headers: Mapping[str, str]
    text: str
    size: int
    packets: tuple[Packet, ...]
    answered_by: int | None
    """For a request: the step with its answer, None when there is none."""

    @property
    def is_on_the_wire(self) -> bool:
        """Whether something travelled; a cut is none."""
        return bool(self.direction)

    @property
    def is_squeezed(self) -> bool:
        """Whether a frame took fewer bytes than its text has: WebSocket compresses."""
        frame = 6 if self.direction == OUT else 2
        plain = len(self.text.encode()) + frame
        is_text = self.kind == "frame" and self.packets[0].kind != "attachment"
        return is_text and self.size < plain


@dataclass(frozen=True)
class Scenario:
    """A folder of ``lessons/modes/visual``: what was played, and what was recorded."""

    slug: str
    title: str
    summary: str
    source: Path
    lesson: str | None
    pages: tuple[str, ...]
    recorded: str
    versions: Mapping[str, str]
    steps: tuple[Step, ...]

    @cached_property
    def program(self) -> str:
        """The server's program."""
        return (self.source / "app.py").read_text("utf-8")

    @cached_property
    def script(self) -> str:
        """The page that talked with it."""
        return (self.source / "templates" / "index.html").read_text("utf-8")


def load_scenarios(root: Path) -> tuple[Scenario, ...]:
    """Read every recorded scenario of the course at ``root``, in order."""
    folders = sorted(path.parent for path in (root / FOLDER).glob("*/recording.json"))
    return tuple(load_scenario(root, folder) for folder in folders)


def load_scenario(root: Path, folder: Path) -> Scenario:
    """Read one scenario; raises KeyError or ValueError for a folder that breaks its contract."""
    about = tomllib.loads((folder / "scenario.toml").read_text("utf-8"))
    recording = json.loads((folder / "recording.json").read_text("utf-8"))
    lesson = about.get("lesson")
    return Scenario(
        slug=folder.name,
        title=about["title"],
        summary=about["summary"],
        source=root / lesson / "solution" if lesson else folder,
        lesson=lesson,
        pages=tuple(recording["pages"]),
        recorded=recording["recorded"],
        versions=recording["versions"],
        steps=_steps(recording["steps"], about.get("note", [])),
    )


def _steps(raw: list[dict[str, Any]], notes: list[dict[str, Any]]) -> tuple[Step, ...]:
    answers = _answers(raw)
    left = list(notes)
    steps = []
    for index, item in enumerate(raw):
        note = next((n for n in left if _is_meant(n, item)), None)
        if note is not None:
            left.remove(note)
        text = note["text"] if note else ""
        steps.append(_step(index, item, answers.get(index), text))
    if left:
        raise ValueError(f"No step of the recording fits the note on {left[0]['on']!r}.")
    return tuple(steps)


def _is_meant(note: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    if note.get("page", item.get("page")) != item.get("page"):
        return False
    if note.get("direction", item.get("direction")) != item.get("direction"):
        return False
    begins = (item.get("text", ""), item.get("bytes", ""), item.get("line", ""), item["kind"])
    return any(text.startswith(note["on"]) for text in begins if text)


def _answers(raw: list[dict[str, Any]]) -> dict[int, int]:
    """Return, for each request's index, the index of its response."""
    open_requests: dict[tuple[str, int], int] = {}
    found = {}
    for index, item in enumerate(raw):
        key = (item.get("page", ""), item.get("connection", 0))
        if item["kind"] == "request":
            open_requests[key] = index
        elif item["kind"] == "response" and key in open_requests:
            found[open_requests.pop(key)] = index
    return found


def _step(index: int, item: Mapping[str, Any], answer: int | None, note: str) -> Step:
    kind, direction = item["kind"], item.get("direction", "")
    page, line = item.get("page", ""), item.get("line", "")
    asked = item.get("asked", "")
    packets = _packets(item, asked)
    waits = kind == "request" and answer is None
    who = "The page" if page in ("", ONE_PAGE) else page
    seen = Seen(kind, who, direction, line, asked, packets, waits)
    return Step(
        number=index + 1,
        at=item["at"],
        page=page,
        direction=direction,
        kind=kind,
        carrier=carrier(seen),
        title=_title(kind, page, direction, carrier(seen)),
        sentence=sentence(seen),
        note=note,
        label=_label(kind, line, item),
        line=line,
        headers=item.get("headers", {}),
        text=item.get("text", item.get("bytes", "")),
        size=item.get("size", 0),
        packets=packets,
        answered_by=None if answer is None else answer + 1,
    )


def _packets(item: Mapping[str, Any], asked: str) -> tuple[Packet, ...]:
    if "bytes" in item:
        return read_bytes(bytes.fromhex(item["bytes"]))
    if asked.startswith("POST") or not item.get("text"):
        return ()
    return read_body(item["text"])


def _title(kind: str, page: str, direction: str, carried: str) -> str:
    if not direction:
        return _KIND_WORDS[kind].capitalize()
    name = page if page != ONE_PAGE else "page"
    ends = (name, "server") if direction == OUT else ("server", name)
    return f"{ends[0].capitalize()} to {ends[1]}, {CARRIERS[carried]}"


def _label(kind: str, line: str, item: Mapping[str, Any]) -> str:
    """What stands at the arrow: short, and enough to tell one from the other."""
    text = item.get("text", item.get("bytes", "")).replace("\x1e", " · ")
    if kind == "request":
        method, address = line.split(" ")[:2]
        if "transport=websocket" in address:
            return "GET, Upgrade: websocket"
        return f"{method} {text or re.split('[?]', address)[0]}"
    if kind == "response":
        return f"{line.split(' ')[1]} {text}".rstrip()
    return text or {"failed": "no answer"}.get(kind, _KIND_WORDS.get(kind, kind))
