"""The peers: how each is set up, and how it grades the very same class."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import Command, CommandFailed, environment, run, say

HERE = Path(__file__).parent / "peers"
SHARED = HERE / "shared"
TAUGHT = (
    *("flask", "flask-socketio", "python-socketio", "python-engineio", "werkzeug"),
    *("simple-websocket", "requests", "websocket-client"),
)
"""What a peer's environment holds in our own versions. eventlet and gevent would slow it down."""


Task = tuple[Command, Path, dict[str, str]]
"""A command, the folder to run it in, and its environment."""


class PeerMissing(Exception):
    """A peer cannot be set up here. The text says why."""


def cache_folder() -> Path:
    """Where the environments are kept, unless told otherwise."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "flask-socketio-course" / "benchmarks"


@dataclass(frozen=True)
class Ground:
    """Where a peer works: its environment, the class, and a folder for what it writes."""

    venv: Path
    folder: Path
    work: Path

    @property
    def learners(self) -> list[str]:
        """The learners' folders, by name."""
        return sorted(path.name for path in self.folder.iterdir())

    def program(self, name: str) -> Path:
        """Return a program of the environment."""
        return self.venv / "bin" / name


class Peer(ABC):
    """A grader that people use, with the nine checks of lesson 4 in its own idiom."""

    slug: str
    single: str
    """How one submission is graded."""
    way: str
    """Its best way to grade a class, several at a time."""
    separate = True
    """Whether each submission has a process of its own; otherwise it is shown and not compared."""

    @property
    def files(self) -> Path:
        """The folder with its checks."""
        return HERE / self.slug

    def prepare(self, ground: Ground) -> None:
        """Make what grading starts from; not timed."""
        ground.work.mkdir(parents=True)

    @abstractmethod
    def one(self, ground: Ground, learner: str) -> float:
        """Grade one submission; return the wall seconds."""

    @abstractmethod
    def batch(self, ground: Ground, jobs: int) -> float:
        """Grade the class; return the wall seconds."""

    @abstractmethod
    def passed(self, ground: Ground) -> dict[str, bool]:
        """Return who passed everything, by what the batch wrote."""

    @property
    def wanted(self) -> list[str]:
        """What its environment holds: the taught packages in our versions, and its own."""
        ours = [f"{name}=={importlib.metadata.version(name)}" for name in TAUGHT]
        return ours + (self.files / "requirements.txt").read_text().split()

    def place(self, cache: Path) -> Path:
        """Return where its environment lies, or would; other versions lie elsewhere."""
        what = repr([platform.python_version(), self.wanted])
        return cache / f"{self.slug}-{hashlib.sha256(what.encode()).hexdigest()[:10]}"

    def setup(self, cache: Path) -> Path:
        """Return the environment, made if it is not there; raise `PeerMissing`."""
        venv = self.place(cache)
        if not (venv / "ready").is_file():
            say(f"setting up {self.slug} in {venv}")
            shutil.rmtree(venv, ignore_errors=True)
            try:
                _install(venv, self.wanted)
            except (OSError, subprocess.SubprocessError, CommandFailed) as error:
                raise PeerMissing(f"{self.slug} cannot be installed here: {error}") from None
            (venv / "ready").touch()
        return venv

    def environment(self, ground: Ground, **more: str) -> dict[str, str]:
        """Return the environment of its commands."""
        return environment(ground.venv, PYTHONPATH=str(SHARED), **more)


def _install(venv: Path, wanted: Sequence[str]) -> None:
    venv.parent.mkdir(parents=True, exist_ok=True)
    run([sys.executable, "-m", "venv", "--without-pip", venv], cwd=venv.parent, status=[0])
    python = venv / "bin" / "python"
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    install: list[str | Path] = [shutil.which("pip") or "pip", "--python", python, "install"]
    if uv:
        install = [uv, "pip", "install", "--compile-bytecode", "--python", python]
    run([*install, "--quiet", *wanted], cwd=venv.parent, env={**os.environ}, status=[0])


def at_a_time(jobs: int, tasks: Sequence[Task]) -> float:
    """Run tasks, ``jobs`` at a time; return the wall seconds."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(jobs) as threads:
        for done in [threads.submit(run, task[0], cwd=task[1], env=task[2]) for task in tasks]:
            done.result()
    return time.perf_counter() - begun
