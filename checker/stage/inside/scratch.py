"""The submission's files, written into the stage's own empty folder."""

from __future__ import annotations

import base64
import os
import shutil


def write_files(folder: str, files: dict[str, str]) -> None:
    """Write ``files`` (relative POSIX path to base64 content) below ``folder``.

    The judge has checked the names; this refuses to leave the folder all the same.
    """
    for name, content in files.items():
        parts = name.split("/")
        if name.startswith("/") or ".." in parts:
            raise ValueError(f"{name} leaves the folder")
        path = os.path.join(folder, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(content))


def clear(*folders: str) -> None:
    """Empty folders that are file systems of their own."""
    for folder in folders:
        with os.scandir(folder) as entries:
            found = list(entries)
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)
