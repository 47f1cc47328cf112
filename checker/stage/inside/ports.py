"""Which ports a script listens on, and which processes it started."""

from __future__ import annotations

import ipaddress
import os
import signal

from .sockets import ESTABLISHED, LISTEN, sockets


def listening(pid: int | None) -> list[tuple[str, int]]:
    """Return (host to connect to, port) of each listening TCP socket, lowest port first.

    Without ``pid``, all of this network namespace, which holds one script only; with it, those of
    that process and its children.
    """
    found = _of_network() if pid is None else _of_process(pid)
    return sorted(set(found), key=lambda pair: (pair[1], pair[0]))


def waiting(port: int) -> int:
    """Return how many connections to ``port`` have not been accepted yet (Linux; elsewhere 0).

    A listening socket's receive queue counts them. Werkzeug's reloader listens in one process and
    accepts in another, which may take seconds to get there.
    """
    return sum(found.waiting for found in sockets(LISTEN) if found.local[1] == port)


def comes_from(pid: int, client: tuple[str, int], port: int) -> bool:
    """Whether the other end of a connection to our ``port`` is in our child ``pid``.

    ``client`` is the other end's address. Where the system does not tell (Linux does): True.
    """
    if not os.path.isdir("/proc/self/net"):
        return True
    ends = (
        f"socket:[{found.inode}]"
        for found in sockets(ESTABLISHED)
        if found.local == client and found.remote[1] == port
    )
    try:
        return not _sockets(_number_in_proc(pid)).isdisjoint(ends)
    except (OSError, LookupError):  # it has ended
        return False


def _number_in_proc(child: int) -> str:
    """Return how /proc calls a child of ours: it may count in a namespace around our own."""
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{task}/children") as file:
            numbers = file.read().split()
        for number in numbers:
            with open(f"/proc/{number}/status") as file:
                names = next(line.split()[1:] for line in file if line.startswith("NSpid:"))
            if names[-2:][0] == str(child):
                return number
    raise LookupError(child)


def _of_network() -> list[tuple[str, int]]:
    mine = _sockets("self")
    found = (each for each in sockets(LISTEN) if f"socket:[{each.inode}]" not in mine)
    return [(reachable(each.local[0]), each.local[1]) for each in found]


def _sockets(pid: str) -> set[str]:
    found = set()
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.add(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
        except OSError:  # closed meanwhile
            continue
    return found


def reachable(host: str) -> str:
    """Return the address at which a socket bound to ``host`` is reached on this machine."""
    address = ipaddress.ip_address(host)
    if address.is_unspecified or (address.version == 4 and address.is_loopback):
        return "127.0.0.1"
    return host


def _of_process(pid: int) -> list[tuple[str, int]]:
    import psutil

    found: list[tuple[str, int]] = []
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.Error:
        return []
    for process in family:
        try:
            connections = process.net_connections(kind="tcp")
        except psutil.Error:
            continue
        found += [
            (reachable(item.laddr.ip), item.laddr.port)
            for item in connections
            if item.status == psutil.CONN_LISTEN
        ]
    return found


def kill_children(pid: int) -> None:
    """Kill all that a process started, as far as the system still knows it."""
    import psutil

    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return
    for child in children:
        try:
            os.kill(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
