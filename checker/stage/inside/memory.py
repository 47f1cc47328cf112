"""A bound on the memory of all processes of one app together, where a limit binds each alone.

Linux only: elsewhere nothing tells what is below a process, and nothing is used.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator

MOST = 2 << 30
"""Bytes that all that one app starts may use together; a process alone may use half of that."""
INTERVAL = 0.3
"""Seconds from one look to the next. A process takes about a gibibyte in a second."""


def end_overfull(parent: int, most: int = MOST) -> None:
    """Kill the children of a process if what is below it uses more than ``most`` bytes.

    Each is the first of a process id namespace, so that what it started dies with it.
    """
    if used(parent) > most and used(parent, exact=True) > most:
        for child in _children(f"/proc/{parent}"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def used(pid: int, *, exact: bool = False) -> int:
    """Return the bytes in use by process ``pid`` and by all below it.

    What forks share counts for each of them unless the answer is to be ``exact``: that takes a
    hundred times as long, and the right to look.
    """
    size, waiting = 0, [pid]
    while waiting:
        root = f"/proc/{waiting.pop()}"
        with contextlib.suppress(OSError, ValueError):  # it has ended meanwhile
            size += (_share(root) if exact else None) or _resident(root)
            waiting += _children(root)
    return size


def _children(root: str) -> Iterator[int]:
    for task in os.listdir(f"{root}/task"):
        with open(f"{root}/task/{task}/children") as file:
            yield from map(int, file.read().split())


def _resident(root: str) -> int:
    with open(f"{root}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _share(root: str) -> int | None:
    """What is its own, and its share of what it has together with others; None: not to be seen."""
    with contextlib.suppress(PermissionError), open(f"{root}/smaps_rollup") as file:
        return sum(int(line.split()[1]) << 10 for line in file if line.startswith("Pss:"))
    return None
