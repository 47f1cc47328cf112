"""Notices what the learner's own editor saves in a workspace, and checks it again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from watchfiles import Change, watch

from checker.submission import SubmissionError
from webapp.bench.shelf import FolderShelf
from webapp.files import Files

log = logging.getLogger(__name__)


class WorkspaceWatch:
    """Calls ``changed(slug, files)`` for a lesson whose files were changed, but not by a page.

    Where they cannot be read, it calls ``refused(slug, why)``.
    """

    def __init__(
        self,
        root: Path,
        shelves: Mapping[str, FolderShelf],
        changed: Callable[[str, Files], None],
        refused: Callable[[str, str], None],
    ) -> None:
        self._root, self._shelves = root, shelves
        self._changed, self._refused = changed, refused
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="workspace-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join(5)

    def _work(self) -> None:
        changes = watch(
            self._root,
            watch_filter=self._is_ours,
            stop_event=self._stop,
            raise_interrupt=False,
            debounce=150,
            step=30,
            rust_timeout=500,
        )
        for batch in changes:
            for slug in self._lessons(path for _, path in batch):
                try:
                    self._look(slug)
                except Exception:
                    log.exception("Watching %s failed.", slug)

    def _look(self, slug: str) -> None:
        shelf = self._shelves[slug]
        try:
            files = shelf.news()
        except SubmissionError as error:
            log.info("%s cannot be read now: %s", slug, error)
            self._refused(slug, str(error))
            return
        if files is not None:
            self._changed(slug, files)

    def _lessons(self, paths: Iterable[str]) -> set[str]:
        parts = (Path(path).relative_to(self._root).parts for path in paths)
        return {part[0] for part in parts if part and part[0] in self._shelves}

    def _is_ours(self, change: Change, path: str) -> bool:
        parts = Path(path).relative_to(self._root).parts
        return not any(part.startswith(".") or part == "__pycache__" for part in parts)
