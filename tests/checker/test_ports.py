"""Who is at the other end of a connection, as the witness of a page asks before it answers."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from checker.stage.inside.ports import comes_from

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who connects")
CALL = (
    "import socket, sys, time; line = socket.create_connection((sys.argv[1], int(sys.argv[2])));"
    "time.sleep(60)"
)


@pytest.fixture(params=["127.0.0.1", "::1"])
def server(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    """A listening socket, of the one family or the other."""
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    try:
        listening = socket.create_server((request.param, 0), family=family)
    except OSError:
        pytest.skip(f"no {request.param} here")
    with listening:
        listening.settimeout(10)
        yield listening


def test_a_connection_is_known_by_its_process(server: socket.socket) -> None:
    host, port = server.getsockname()[:2]
    children = [subprocess.Popen([sys.executable, "-c", CALL, host, str(port)]) for _ in range(2)]
    try:
        found = [server.accept() for _ in children]
        for connection, address in found:
            callers = [comes_from(child.pid, address[:2], port) for child in children]
            assert sorted(callers) == [False, True]
            assert not comes_from(children[0].pid, address[:2], port + 1)
            connection.close()
    finally:
        for child in children:
            child.kill()
            child.wait()
    assert not comes_from(children[0].pid, found[0][1][:2], port)


def test_a_connection_of_our_own_is_nobody_elses(server: socket.socket) -> None:
    host, port = server.getsockname()[:2]
    with (
        subprocess.Popen(["sleep", "60"]) as child,
        socket.create_connection((host, port)) as ours,
        server.accept()[0],
    ):
        assert not comes_from(child.pid, ours.getsockname()[:2], port)
        child.kill()
