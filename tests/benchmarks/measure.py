"""Time commands, watch their memory, and say how busy the machine is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil

TIMEOUT = 900.0
"""Seconds that one command may take."""
MIB = 1 << 20
ROOT = Path(__file__).parents[2]
DROPPED = ("PYTHON", "PYTEST", "COURSE_", "FLASK_", "WERKZEUG_", "VIRTUAL_ENV", "COV_")


class CommandFailed(Exception):
    """A command that was to be timed did not do its work. The text says which, and its end."""


@dataclass(frozen=True)
class Times:
    """Seconds of one thing, done several times."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median, in seconds."""
        return median(self.seconds)

    @property
    def p90(self) -> float:
        """The nearest-rank 90th percentile, in seconds."""
        ordered = sorted(self.seconds)
        return ordered[max(0, -(-len(ordered) * 9 // 10) - 1)]


def environment(venv: Path | None = None, **more: str) -> dict[str, str]:
    """Return this process's environment without what would change Python, as if activated."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
    scripts = Path(sys.executable).parent if venv is None else venv / "bin"
    path = os.pathsep.join([str(scripts), kept.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "LC_ALL": "C.UTF-8", **more}


Command = Sequence[str | Path]


def run(
    command: Command,
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    status: Sequence[int] = (0, 1),
) -> float:
    """Run a command to its end and return its wall seconds; raise `CommandFailed`."""
    words = [str(word) for word in command]
    begun = time.perf_counter()
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=dict(env or environment()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CommandFailed(f"{' '.join(words[:4])} … did not work: {error}") from None
    seconds = time.perf_counter() - begun
    if done.returncode not in status:
        last = done.stdout.decode("utf-8", "replace").strip().splitlines()[-3:]
        raise CommandFailed(f"{' '.join(words[:4])} … ended with {done.returncode}: {last}")
    return seconds


def in_turn(count: int, *measures: Callable[[], float]) -> list[Times]:
    """Do all measures in turn, ``count`` times, so that a busy moment meets everybody."""
    rounds = [[measure() for measure in measures] for _ in range(count)]
    return [Times(tuple(column)) for column in zip(*rounds, strict=True)]


def paired(times: Times, by: Times) -> float:
    """Return the median of the ratios of what was measured side by side."""
    return median(a / b for a, b in zip(times.seconds, by.seconds, strict=True))


def load_average() -> str:
    """Say how busy the machine is."""
    one, five, _ = os.getloadavg()
    return f"load average {one:.1f} (1 min), {five:.1f} (5 min) on {os.cpu_count()} processors"


def say(text: str) -> None:
    """Tell on standard error what is going on."""
    print(f"… {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Memory:
    """One look at a process and all below it: MiB resident, and how many there are below."""

    done: int
    own: float
    below: float
    processes: int


@dataclass
class MemoryWatch:
    """Looks at a process tree four times a second while the context is open.

    What processes share (Python, the taught packages) counts once where the kernel tells it
    (PSS); ``exact`` says whether it did for all of them.
    """

    pid: int
    done: Callable[[], int]
    looks: list[Memory] = field(default_factory=list)
    exact: bool = True

    def __post_init__(self) -> None:
        """Prepare the thread that looks."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryWatch:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        """Stop looking."""
        self._stop.set()
        self._thread.join()

    def peak(self, above: int, upto: int) -> Memory | None:
        """Return the highest figures seen while so many submissions were done."""
        window = [look for look in self.looks if above < look.done <= upto]
        if not window:
            return None
        return Memory(
            upto,
            max(look.own for look in window),
            max(look.below for look in window),
            max(look.processes for look in window),
        )

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            try:
                process = psutil.Process(self.pid)
                below = process.children(recursive=True)
                own = process.memory_info().rss / MIB
                self.looks.append(
                    Memory(self.done(), own, sum(map(self._size, below)) / MIB, len(below))
                )
            except psutil.Error:
                continue

    def _size(self, process: psutil.Process) -> int:
        try:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            return next(
                int(line.split()[1]) * 1024
                for line in rollup.splitlines()
                if line.startswith("Pss:")
            )
        except (OSError, StopIteration):
            pass
        try:
            size = int(process.memory_info().rss)
        except psutil.Error:
            return 0
        self.exact = self.exact and size == 0  # one that has just ended holds nothing
        return size
