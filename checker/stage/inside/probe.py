"""What importing the script as a module would do, seen in a child that leaves nothing behind."""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import time
from typing import Any

from . import learner, scratch, walls

PATIENCE = 2.0
"""Seconds for the import; one that takes longer is seen by a stage of its own."""
MAX_TEXT = 60_000


def imported(folder: str, entry: str, files: dict[str, str]) -> dict[str, Any] | None:
    """Import the script in a child; return what `Stage.do_load` would have answered.

    None when it took too long, or said nothing that holds a word which only who looks for it knows.
    This process must be the first of its process id
    namespace, with walls of its own, and nothing of the learner's may have run in it: afterwards,
    all other processes are gone and the files are as they were.
    """
    word = secrets.token_hex(8)
    reading, writing = os.pipe()
    pid = walls.branch()
    if pid == 0:
        os.close(reading)
        _become_importer(folder, entry, writing, word)
    os.close(writing)
    said = _read(reading)
    os.close(reading)
    os.kill(-1, signal.SIGKILL)
    _reap()
    scratch.clear(folder, *walls.SCRATCH)
    scratch.write_files(folder, files)
    try:
        answer = json.loads(said)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and answer.pop("word", None) == word else None


def _become_importer(folder: str, entry: str, writing: int, word: str) -> None:
    """Never returns."""
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        walls.close_all_but({writing})
        answer: dict[str, Any]
        try:
            found = learner.load(folder, entry, as_module=True)
            answer = {"ok": {"served": found.served is not None}}
        except Exception as error:
            answer = {"raised": learner.exception(error, folder)}
        os.write(writing, json.dumps({**answer, "word": word}).encode()[:MAX_TEXT])
    finally:
        os._exit(0)


def _read(reading: int) -> bytes:
    """Read until the other end is closed, but for no longer than `PATIENCE`."""
    end = time.monotonic() + PATIENCE
    said = bytearray()
    while (left := end - time.monotonic()) > 0 and len(said) < MAX_TEXT:
        if select.select([reading], [], [], left)[0]:
            chunk = os.read(reading, 65536)
            if not chunk:
                break
            said += chunk
    return bytes(said)


def _reap() -> None:
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
