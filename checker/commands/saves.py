"""See the saves of an editor: one report per save, whatever happens to the files meanwhile."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from checker.submission import IGNORED_FOLDERS

DEBOUNCE_MS = 150
"""An editor writes a file in several steps; what comes within this time is one save."""
LOOK_UP_MS = 100
"""So often the watcher looks whether the folder is still the same one."""


class Saves:
    """Watches the folder ``root`` in a thread of its own; `next` waits for a save.

    ``on_save`` is called in that thread as soon as something was saved. The folder may vanish
    and come back. Use as a context manager.
    """

    def __init__(self, root: Path, on_save: Callable[[], None] = lambda: None) -> None:
        """Prepare; watching begins on entering."""
        self._root = root
        self._on_save = on_save
        self._queue: queue.SimpleQueue[frozenset[Path]] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._work, name="saves", daemon=True)

    def __enter__(self) -> Saves:
        """Begin to watch; no save from now on is missed."""
        self._thread.start()
        self._ready.wait(timeout=10)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join(timeout=5)

    def next(self) -> frozenset[Path]:
        """Wait for saves and return the changed files; several saves in a row come as one."""
        changed = self._wait()
        while not self._queue.empty():
            changed |= self._queue.get_nowait()
        return changed

    def _wait(self) -> frozenset[Path]:
        while True:
            try:  # a short wait, so that Ctrl-C is heard on every system
                return self._queue.get(timeout=0.5)
            except queue.Empty:
                continue

    def _work(self) -> None:
        while not self._stop.is_set():
            identity = self._wait_for_folder()
            if identity is None:
                return
            for changed in self._changes(identity):
                self._tell(changed)
            if not self._stop.is_set():
                self._tell(frozenset({self._root}))

    def _wait_for_folder(self) -> tuple[int, int] | None:
        """Return the folder's identity once it is there (and say so if it was not), or None."""
        was_there = True
        while not self._stop.wait(0 if was_there else 0.1):
            identity = _identity(self._root)
            if identity is not None:
                if not was_there:
                    self._tell(frozenset({self._root}))
                return identity
            was_there = False
            self._ready.set()
        return None

    def _tell(self, changed: frozenset[Path]) -> None:
        if changed:
            self._queue.put(changed)
            self._on_save()

    def _changes(self, identity: tuple[int, int]) -> Iterator[frozenset[Path]]:
        """Yield what changes, for as long as the folder is the one it was at the beginning."""
        import watchfiles

        try:
            for changes in watchfiles.watch(
                self._root,
                watch_filter=lambda _, path: is_of_interest(Path(path), self._root),
                debounce=DEBOUNCE_MS,
                step=30,
                stop_event=self._stop,
                rust_timeout=LOOK_UP_MS,
                yield_on_timeout=True,
                raise_interrupt=False,
            ):
                self._ready.set()
                yield frozenset(Path(path) for _, path in changes)
                if _identity(self._root) != identity:
                    return
        except FileNotFoundError:
            return


def is_of_interest(path: Path, root: Path) -> bool:
    """Whether a change of ``path`` can be a learner's save: no hidden file, no tool's folder."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return False
    hidden = any(part.startswith(".") or part in IGNORED_FOLDERS for part in parts)
    return not hidden and not path.name.endswith(("~", ".pyc", ".swp", ".tmp"))


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        info = folder.stat()
    except OSError:
        return None
    return info.st_dev, info.st_ino
