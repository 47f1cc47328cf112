"""The kernel and /proc tell the same of the sockets of a network."""

import os
import socket
import sys
from collections.abc import Callable, Iterator

import pytest

from checker.stage.inside import sockets
from checker.stage.inside.sockets import ESTABLISHED, LISTEN, Socket

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists them")
Way = Callable[[socket.AddressFamily, int], Iterator[Socket]]
WAYS: list[Way] = [sockets._asked, sockets._read]
FAMILIES = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]


@pytest.fixture(params=FAMILIES, ids=["v4", "v6"])
def server(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    family, host = request.param
    try:
        listening = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip(f"no {host} here")
    with listening:
        yield listening


@pytest.mark.parametrize("way", WAYS)
def test_a_listening_socket_is_listed_with_those_who_wait(server: socket.socket, way: Way) -> None:
    host, port = server.getsockname()[:2]
    for waiting in range(3):
        found = [each for each in way(server.family, LISTEN) if each.local[1] == port]
        assert [(each.local, each.waiting) for each in found] == [((host, port), waiting)]
        assert found[0].inode == inode(server)
        socket.create_connection((host, port)).close()


@pytest.mark.parametrize("way", WAYS)
def test_a_connection_is_listed_with_both_its_ends(server: socket.socket, way: Way) -> None:
    with socket.create_connection(server.getsockname()[:2]) as near, server.accept()[0] as far:
        ends = near.getsockname()[:2], far.getsockname()[:2]
        assert Socket(*ends, inode(near), 0) in list(way(server.family, ESTABLISHED))
        assert Socket(*ends[::-1], inode(far), 0) in list(way(server.family, ESTABLISHED))
        assert ends[0] not in [each.local for each in way(server.family, LISTEN)]


def test_where_the_kernel_does_not_answer_proc_is_read(
    server: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "_SOCK_DIAG", 31)
    with pytest.raises(OSError, match="rotocol"):
        list(sockets._asked(server.family, LISTEN))
    assert server.getsockname()[:2] in [each.local for each in sockets.sockets(LISTEN)]


def test_what_the_kernel_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "_BY_FAMILY", 99)
    with pytest.raises(OSError, match="Invalid argument"):
        list(sockets._asked(socket.AF_INET, LISTEN))


def inode(of: socket.socket) -> int:
    return os.fstat(of.fileno()).st_ino
