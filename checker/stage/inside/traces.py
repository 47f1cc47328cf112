"""Whether copies of a loaded app would share anything: asked of the kernel, never of the app.

A stage that has loaded an app forks a copy of itself for each check. Memory is a copy's own; what
else a process can hold is looked at here, from outside of its walls: threads, children,
descriptors, shared memory, signals, and files (proc(5)). Where there is any, no copies are made.
"""

from __future__ import annotations

import hashlib
import os
import signal
import stat
from collections.abc import Iterator

from . import walls
from .maps import shares_memory

MOST_FILES, MOST_BYTES = 200, 4_000_000
"""An app with more than that in its folders is loaded anew for each check."""


class Traces:
    """What one stage, with process id ``pid`` as seen from here, leaves for others to see."""

    def __init__(self, pid: int, folder: str, channel: str, output: str) -> None:
        """Look at a stage in ``folder``; ``channel`` and ``output`` are links: its descriptors."""
        self._pid = pid
        self._folders = (folder, *walls.SCRATCH)
        self._channel = channel
        self._output = output
        self._files: bytes | None = None

    def is_alone(self) -> bool:
        """Whether copies would share nothing, once the app is loaded. Notes its files."""
        try:
            self._files = self._digest()
            alone = not _children(self._pid) and self._holds_nothing()
            return alone and self._files is not None
        except OSError:
            return False

    def is_unchanged(self) -> bool:
        """Whether all is as `is_alone` found it, but for copies that have been killed."""
        try:
            return self._digest() == self._files and self._holds_nothing()
        except OSError:
            return False

    def end_copy(self) -> bool:
        """Kill the copy and all that it started; return whether there was one process only.

        A process that has been sent SIGKILL does nothing more: no child of it comes into being.
        To wait until its memory is gone, too, is left to the stage.
        """
        living = [pid for pid in _children(self._pid) if not _is_dead(pid)]
        for pid in living:
            os.kill(pid, signal.SIGKILL)
        return len(living) == 1 and not _children(living[0])

    def _holds_nothing(self) -> bool:
        root = f"/proc/{self._pid}"
        with open(f"{root}/status") as file:
            status = dict(line.split(":", 1) for line in file)
        signals = ("SigPnd", "ShdPnd", "SigBlk", "SigCgt")
        if int(status["Threads"]) != 1 or any(int(status[name], 16) for name in signals):
            return False
        links = _links(f"{root}/fd")
        streams = [links.pop(number, None) for number in ("0", "1", "2")]
        if streams != ["/dev/null", self._output, self._output]:
            return False
        if list(links.values()) != [self._channel]:
            return False
        return not shares_memory(self._pid)

    def _digest(self) -> bytes | None:
        """Return a digest of all files, or None for too many.

        It changes with names, contents and whatever else can be changed of a file or a folder:
        times, modes, attributes. Who does that sets the time of the last change, which nobody can
        set back.
        """
        digest = hashlib.sha256()
        left = [MOST_FILES, MOST_BYTES]
        for place in self._folders:
            root = f"/proc/{self._pid}/root{place}"
            digest.update(_about(os.stat(root)))
            for part in _contents(root, left):
                digest.update(part)
            if min(left) < 0:
                return None
        return digest.digest()


def _contents(folder: str, left: list[int]) -> Iterator[bytes]:
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        about = entry.stat(follow_symlinks=False)
        left[0] -= 1
        left[1] -= about.st_size
        if min(left) < 0:
            return
        yield _about(about) + os.fsencode(entry.name)
        if stat.S_ISDIR(about.st_mode):
            yield from _contents(entry.path, left)
        elif stat.S_ISREG(about.st_mode):
            descriptor = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(descriptor, "rb") as file:
                yield file.read(MOST_BYTES)


def _about(status: os.stat_result) -> bytes:
    return b"%d %d %d " % (status.st_mode, status.st_size, status.st_ctime_ns)


def _children(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except FileNotFoundError:
        return []


def _is_dead(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return True


def _links(folder: str) -> dict[str, str]:
    """Return each descriptor's number and what it leads to."""
    return {name: os.readlink(f"{folder}/{name}") for name in os.listdir(folder)}
