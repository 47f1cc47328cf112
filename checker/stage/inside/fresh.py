"""A stage in an interpreter of its own, for an app that must come before every import."""

from __future__ import annotations

import os
import select
import socket

from . import actor, memory, walls
from .warm import forget_ourselves


def main(channel: int, output: int, folder: str, walled: bool, user: int) -> None:
    """Become one stage; the judge starts this process and ends it."""
    walls.die_first()
    if walled:
        walls.die_with_parent()
        walls.become_ordinary(user)
        who = walls.identity()
        pid = walls.clone(walls.ALONE)
        if pid:
            os.close(channel)
            os.close(output)
            end = os.pidfd_open(pid)
            while not select.select([end], [], [], memory.INTERVAL)[0]:
                memory.end_overfull(os.getpid())
            _, status = os.waitpid(pid, 0)
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)
        walls.enclose(who, folder)
    walls.limit()
    forget_ourselves()
    actor.run(socket.socket(fileno=channel), output, folder)
