"""The page engine of lesson 6: Node with jsdom, in walls of its own beside the running server.

The learner's page runs in that process, so what it answers is an observation like any other. The
protocol is in ``checker/stage/page/PROTOCOL.md``.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import time
from typing import Any

from . import walls
from .standin import Witness

MAX_ANSWER = 1_048_576
START_SECONDS = 20.0
PATIENCE = 15.0
"""Seconds beyond an order's own time: a busy machine is no fault of the page."""
FLAGS = (
    "--experimental-vm-modules",
    "--no-warnings",
    "--disallow-code-generation-from-strings",
    "--frozen-intrinsics",
    "--max-old-space-size=256",
)


class Gone(Exception):
    """The engine ended or fell silent."""


class Browser:
    """One page engine, and the witness between it and the server if one is asked for."""

    def __init__(self, node: str, folder: str, scratch: str, walled: bool) -> None:
        """Start ``node`` on the engine in ``folder``; ``scratch`` is covered by an empty one.

        It gets ready while the caller goes on.
        """
        self._answers, writing = os.pipe()
        reading, self._orders = os.pipe()
        who = walls.identity()
        self._pid = walls.clone(walls.OWN) if walled else os.fork()
        if self._pid == 0:
            program = [node, *FLAGS, os.path.join(folder, "page.cjs")]
            _become_engine(program, scratch, who if walled else None, reading, writing)
        os.close(reading)
        os.close(writing)
        self._buffer = bytearray()
        self._witness: Witness | None = None
        self._ready_by: float | None = time.monotonic() + START_SECONDS

    def answer(self, order: dict[str, Any], server: tuple[str, int]) -> dict[str, Any]:
        """Carry out one order of the protocol, and return its answer with the witness's notes."""
        if order["order"] == "open":
            self._watch(order, server)
        name = secrets.token_hex(8)
        timeout = float(order.get("within") or 5) + PATIENCE
        try:
            if self._ready_by is not None:
                self._read(self._ready_by)
                self._ready_by = None
            os.write(self._orders, json.dumps({"id": name, **order}).encode() + b"\n")
            end = time.monotonic() + timeout
            answer = self._read(end)
            while answer.get("id") != name:
                if answer.get("hung"):
                    raise Gone("a script of your page did not come to an end")
                answer = self._read(end)
        except (OSError, Gone) as gone:
            return {"gone": str(gone)}
        if answer.get("ok") is not True:
            return {"broken": str(answer.get("error"))[:500]}
        if self._witness is not None and isinstance(answer.get("state"), dict):
            answer["state"]["witnessed"] = self._witness.events()
        return answer

    def _watch(self, order: dict[str, Any], server: tuple[str, int]) -> None:
        mark, address = order.pop("mark"), order.pop("address")
        if mark is not None:
            self._witness = Witness(port=server[1], host=server[0], mark=mark, page=self._pid)
            self._witness.start()
            order["redirect"] = {address: self._witness.port}

    def _read(self, end: float) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self._answers], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise Gone("the page did not come back in time")
            chunk = os.read(self._answers, 262_144)
            if not chunk:
                raise Gone("the page's scripts ended the engine")
            self._buffer += chunk
            if len(self._buffer) > MAX_ANSWER and b"\n" not in self._buffer:
                raise Gone("the page made an answer that is too long")
        line, _, rest = self._buffer.partition(b"\n")
        self._buffer = rest
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError):
            raise Gone("the page made an answer that cannot be read") from None
        return answer if isinstance(answer, dict) else {}

    def stop(self) -> None:
        """End the engine and the witness."""
        if self._witness is not None:
            self._witness.stop()
        try:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        except (ProcessLookupError, ChildProcessError):
            return


def _become_engine(
    program: list[str], scratch: str, who: tuple[int, int] | None, reading: int, writing: int
) -> None:
    """Never returns: the child becomes Node."""
    try:
        walls.die_with_parent()
        os.setsid()
        if who is not None:
            walls.enclose(who, scratch)
        null = os.open(os.devnull, os.O_RDWR)
        # Out of the way of 0 to 3 first, so that none is overwritten before it is copied.
        sources = (reading, null, null, writing)
        high = [os.dup2(fd, 100 + number) for number, fd in enumerate(sources)]
        for number, fd in enumerate(high):
            os.dup2(fd, number)
        walls.close_all_but({3})
        walls.limit(memory=0, cpu=120)
        os.execve(program[0], program, {"LANG": "C.UTF-8", "HOME": scratch, "PATH": "/usr/bin"})
    finally:
        os._exit(70)
