"""A stage in an interpreter of its own, for an app that must come before every import."""

from __future__ import annotations

import os
import socket

from . import actor, walls
from .warm import forget_ourselves


def main(channel: int, output: int, folder: str, walled: bool, user: int) -> None:
    """Become one stage; the judge starts this process and ends it."""
    if walled:
        walls.die_with_parent()
        walls.become_ordinary(user)
        who = walls.identity()
        pid = walls.clone(walls.ALONE)
        if pid:
            os.close(channel)
            os.close(output)
            _, status = os.waitpid(pid, 0)
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)
        walls.enclose(who, folder)
    walls.limit()
    forget_ourselves()
    actor.run(socket.socket(fileno=channel), output, folder)
