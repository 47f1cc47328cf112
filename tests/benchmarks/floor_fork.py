"""A floor: ``floor_fork.py FOLDER COUNT [walled]`` prints the seconds of each fork as JSON.

A process that has imported what an app needs forks; the child loads the app, connects a test
client, sends one event, reads the answer and ends. ``walled`` gives the child namespaces of its
own by one raw clone, an empty /dev/shm and a proc of its own: no limits, no seccomp, no verdict.
"""

import ctypes
import json
import os
import platform
import signal
import sys
import time
from pathlib import Path

from learner import App  # type: ignore[import-not-found]  # in peers/shared

NAMESPACES = 0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000
"""user, mount, pid, net, ipc, uts"""
CLONE = {"x86_64": 56, "aarch64": 220}


def fork(walled: bool) -> int:
    """Fork, with ``walled`` into new namespaces; 0 in the child."""
    if not walled:
        return os.fork()
    user, group = os.getuid(), os.getgid()
    libc = ctypes.PyDLL(None, use_errno=True)
    ctypes.pythonapi.PyOS_BeforeFork()
    call = CLONE[platform.machine()]
    pid = int(libc.syscall(call, NAMESPACES | signal.SIGCHLD, 0, 0, 0, 0))
    if pid:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
        if pid < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return pid
    ctypes.pythonapi.PyOS_AfterFork_Child()
    maps = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
    for name, text in maps.items():
        Path("/proc/self", name).write_text(text)
    for kind, target in ((b"tmpfs", b"/dev/shm"), (b"proc", b"/proc")):
        if libc.mount(kind, target, kind, 0, None):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return 0


def work(folder: Path) -> None:
    """Load the app and see one event answered."""
    with App(folder) as app:
        client = app.connect()
        client.emit("message", "hello")
        assert client.wait_for("response", 1.0)


def timed(folder: Path, walled: bool) -> float:
    """Return the seconds from the fork to the end of the child."""
    begun = time.perf_counter()
    pid = fork(walled)
    if pid == 0:
        status = 1
        try:
            work(folder)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    assert status == 0, f"The child ended with {status}."
    return time.perf_counter() - begun


if __name__ == "__main__":
    home = Path(sys.argv[1])
    work(home)  # what an app imports late is imported now
    print(json.dumps([timed(home, sys.argv[3:] == ["walled"]) for _ in range(int(sys.argv[2]))]))
