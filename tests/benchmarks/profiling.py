"""Where the judge's time goes: its threads looked at again and again while it works."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

import psutil

from tests.benchmarks.measure import ROOT
from tests.benchmarks.table import Cell, Findings, Table

SHOWN = 16
EVERY = 0.002
OURS = "checker/"


class Sampler:
    """Counts, while open, in how many looks some thread of the checker was in a function.

    A thread that waits for a stage is seen in the function that waits: wall time, not processor
    time. ``below`` is the processor time of the processes below this one, as far as they told.
    """

    def __init__(self) -> None:
        """Prepare."""
        self.looks = 0
        self.innermost: Counter[str] = Counter()
        self.anywhere: Counter[str] = Counter()
        self.below = 0.0
        self.own = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Sampler:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop looking."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stop.wait(EVERY):
            self._look()
            if self.looks % 200 == 0:
                self.below = max(self.below, _seconds_below())
        self.own = time.thread_time()

    def _look(self) -> None:
        stacks = [_names(frame) for frame in sys._current_frames().values()]
        stacks = [names for names in stacks if any(name.startswith(OURS) for name in names)]
        if stacks:
            self.looks += 1
            self.innermost.update({names[0] for names in stacks})
            self.anywhere.update({name for names in stacks for name in names})


def _names(frame: FrameType | None) -> list[str]:
    """Return the functions on a stack, innermost first."""
    names = []
    while frame is not None:
        names.append(_name(frame.f_code))
        frame = frame.f_back
    return names


@cache
def _name(code: CodeType) -> str:
    path = Path(code.co_filename)
    place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-2:])
    return f"{place.as_posix()} {code.co_qualname}"


def _seconds_below() -> float:
    """Return the processor seconds of all processes below, and of those they have waited for."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def profile(what: str, work: Callable[[], object]) -> Findings:
    """Do ``work`` and say in which functions the judge's threads were meanwhile."""
    begun, used = time.perf_counter(), time.process_time()
    with Sampler() as sampler:
        work()
    wall, used = time.perf_counter() - begun, time.process_time() - used - sampler.own
    note = (
        f"{wall:.2f} s; processor time: this process {used:.2f} s ({100 * used / wall:.0f} %), "
        f"those below it {sampler.below:.2f} s"
    )
    columns = ("% of looks", "function")
    inner = _rows(sampler, sampler.innermost.most_common(SHOWN))
    ours = [item for item in sampler.anywhere.most_common() if item[0].startswith(OURS)]
    return Findings(
        tables=[
            Table(f"{what}: innermost function", columns, inner, (note,)),
            Table(f"{what}: anywhere on the stack", columns, _rows(sampler, ours[: 2 * SHOWN])),
        ]
    )


def _rows(sampler: Sampler, counts: list[tuple[str, int]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple((100 * many / max(1, sampler.looks), name) for name, many in counts)
