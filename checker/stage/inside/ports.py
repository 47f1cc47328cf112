"""Which ports a script listens on, and which processes it started."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import struct
from collections.abc import Iterator

_ESTABLISHED, _LISTEN = "01", "0A"


def listening(pid: int | None) -> list[tuple[str, int]]:
    """Return (host to connect to, port) of each listening TCP socket, lowest port first.

    Without ``pid``, all of this network namespace, which holds one script only; with it, those of
    that process and its children.
    """
    found = _from_proc() if pid is None else _of_process(pid)
    return sorted(set(found), key=lambda pair: (pair[1], pair[0]))


def waiting(port: int) -> int:
    """Return how many connections to ``port`` have not been accepted yet (Linux; elsewhere 0).

    A listening socket's receive queue counts them. Werkzeug's reloader listens in one process and
    accepts in another, which may take seconds to get there.
    """
    rows = (row for _, row in _listen_rows() if int(row[1].split(":")[1], 16) == port)
    return sum(int(row[4].split(":")[1], 16) for row in rows)


def comes_from(pid: int, client: tuple[str, int], port: int) -> bool:
    """Whether the other end of a connection to our ``port`` is in our child ``pid``.

    ``client`` is the other end's address. Where the system does not tell (Linux does): True.
    """
    if not os.path.isdir("/proc/self/net"):
        return True
    ends = (
        f"socket:[{row[9]}]"
        for family, row in _rows(_ESTABLISHED)
        if _end(row[1], family) == client and _end(row[2], family)[1] == port
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


def _from_proc() -> list[tuple[str, int]]:
    mine = _sockets("self")
    found: list[tuple[str, int]] = []
    for family, row in _listen_rows():
        if f"socket:[{row[9]}]" not in mine:
            host, port = _end(row[1], family)
            found.append((reachable(host), port))
    return found


def _listen_rows() -> Iterator[tuple[socket.AddressFamily, list[str]]]:
    return _rows(_LISTEN)


def _rows(state: str) -> Iterator[tuple[socket.AddressFamily, list[str]]]:
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        try:
            with open(f"/proc/self/net/{table}") as file:
                rows = [line.split() for line in file][1:]
        except OSError:
            continue
        yield from ((family, row) for row in rows if row[3] == state)


def _sockets(pid: str) -> set[str]:
    found = set()
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.add(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
        except OSError:  # closed meanwhile
            continue
    return found


def _end(text: str, family: socket.AddressFamily) -> tuple[str, int]:
    address, port = text.split(":")
    words = struct.unpack(f"={len(address) // 8}I", bytes.fromhex(address))
    packed = struct.pack(f">{len(words)}I", *words)
    return socket.inet_ntop(family, packed), int(port, 16)


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
