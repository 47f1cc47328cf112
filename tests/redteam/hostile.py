"""Hostile submissions, as data: read from `attacks/`, and built where no repository can hold them.

An attack is a folder with an `attack.toml` and the submission's files. Keys of the TOML:

- ``what``: one sentence; ``class``: its letter in the README's table
- ``verdict``: outcome of the first check that does not pass, ``error``, or ``passed`` for an honest
  program that is only a burden; ``says``: a text that the message must hold
- ``lesson``: the lesson's folder (default `LESSON`); ``over = "solution"`` lays the files over it
- ``open``: why it is not held yet; such an attack stays out of the batch and is told in the README
- ``[generate."name"]``: a file made of head, unit × times, tail (or text), in an encoding
- ``[special]``: what stands under a name that is no regular file
"""

from __future__ import annotations

import os
import shutil
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "attacks"
LESSONS = Path(__file__).parents[2] / "lessons"
LESSON = "04-event-handlers"
KEYS = {"what", "class", "verdict", "says", "lesson", "over", "open", "generate", "special"}


@dataclass(frozen=True)
class Attack:
    """One hostile submission, and the verdict that it must get."""

    name: str
    about: Mapping[str, Any]

    @property
    def lesson(self) -> str:
        """The folder of the lesson that it is aimed at."""
        return str(self.about.get("lesson", LESSON))

    @property
    def verdict(self) -> str:
        """What must come of it."""
        return str(self.about["verdict"])

    def build(self, folder: Path, ambient: str, neighbour: Path) -> None:
        """Put the submission's files into ``folder``; ``ambient`` is what it is told of us."""
        folder.mkdir(parents=True)
        if "over" in self.about:
            solution = LESSONS / self.lesson / self.about["over"]
            shutil.copytree(solution, folder, dirs_exist_ok=True)
        shutil.copytree(HERE / self.name, folder, dirs_exist_ok=True)
        (folder / "attack.toml").unlink()
        for name, recipe in self.about.get("generate", {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(_generated(**recipe))
        for name, kind in self.about.get("special", {}).items():
            _make_special(folder / name, kind, neighbour)
        (folder / "ambient.json").write_text(ambient)


def attacks() -> list[Attack]:
    """Return every attack, in the order of the names; an unknown key is an error."""
    found = []
    for path in sorted(HERE.glob("*/attack.toml")):
        about = tomllib.loads(path.read_text("utf-8"))
        assert about.keys() <= KEYS, f"{path}: {about.keys() - KEYS}"
        found.append(Attack(path.parent.name, about))
    return found


def _generated(
    head: str = "",
    unit: str = "",
    times: int = 0,
    tail: str = "",
    text: str = "",
    encoding: str = "utf-8",
) -> bytes:
    return (head + text + unit * times + tail).encode(encoding)


def _make_special(path: Path, kind: str, neighbour: Path) -> None:
    if kind == "link to neighbour":
        path.symlink_to(neighbour)
    elif kind == "link to /":
        path.symlink_to("/")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "300 files":
        path.mkdir()
        for number in range(300):
            (path / f"{number}.txt").write_text("x")
    elif kind == "socket":
        _bind(path)
    else:
        raise ValueError(kind)


def _bind(path: Path) -> None:
    """Make a socket file; its name must be short, so it is made from inside the folder."""
    before = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)
