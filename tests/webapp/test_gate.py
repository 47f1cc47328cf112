"""The door of all previews: whose a connection is, is read from its host name."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from webapp.bench.gate import Gate
from webapp.config import ConfigError

LABEL = "ab12"


class Inside:
    """Takes the connections of one label, and answers them."""

    def __init__(self) -> None:
        self.wanted: list[str] = []

    def let_in(self, label: str, connection: socket.socket) -> bool:
        self.wanted.append(label)
        if label == "broken":
            raise RuntimeError("not yours to see")
        if label == LABEL:
            connection.send(connection.recv(1000)[:3])
        return label == LABEL


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def gate(inside: Inside) -> Iterator[Gate]:
    opened = Gate(inside.let_in)
    yield opened
    opened.close()


def say(gate: Gate, *pieces: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", gate.port), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        with suppress(ConnectionResetError):  # what was not read is thrown away
            while chunk := connection.recv(1000):
                answer += chunk
        return answer


def asking(host: str) -> bytes:
    return f"GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: x\r\n\r\n".encode()


def test_the_host_name_leads_to_its_preview_with_all_that_was_said(
    gate: Gate, inside: Inside
) -> None:
    assert say(gate, asking(f"{LABEL.upper()}.localhost:{gate.port}")) == b"GET"
    assert inside.wanted == [LABEL]


def test_a_head_may_come_in_pieces(gate: Gate, inside: Inside) -> None:
    head = asking(f"{LABEL}.localhost")
    assert say(gate, head[:10], head[10:20], head[20:]) == b"GET"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:80", "unknown.localhost", "", "broken.x"])
def test_anyone_else_is_told_where_to_go(gate: Gate, host: str) -> None:
    answer = say(gate, asking(host))
    assert answer.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert answer.endswith(b"No app runs here. Go to the course and press Run.")
    assert b"not yours to see" not in answer


def test_a_host_in_the_body_counts_for_nothing(gate: Gate, inside: Inside) -> None:
    say(gate, b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n\r\nHost: " + LABEL.encode() + b".x")
    assert inside.wanted == []


def test_who_says_nothing_is_sent_away(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.bench.gate.PATIENCE", 0.05)
    assert say(gate, b"GET / HT") == b""


def test_a_head_without_end_is_not_kept(gate: Gate, inside: Inside) -> None:
    say(gate, b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\nHost: ab12.localhost\r\n\r\n")
    assert inside.wanted == []


def test_a_taken_port_is_named(gate: Gate) -> None:
    with pytest.raises(ConfigError, match=f"Previews cannot use port {gate.port}: Address already"):
        Gate(lambda label, connection: False, port=gate.port)


def test_a_closed_gate_is_closed(inside: Inside) -> None:
    gate = Gate(inside.let_in)
    gate.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", gate.port), timeout=5).close()
