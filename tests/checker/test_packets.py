"""What a packet says, part by part."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socketio import packet as events

from checker.packets import SHOWN, Meaning, passed, read, read_bytes


def pieces(meaning: Meaning) -> list[str]:
    return [part.text for part in meaning.parts]


def test_an_event_is_read_down_to_its_arguments() -> None:
    found = read('42["message","hi",{"n":1}]')
    assert (found.protocol, found.kind) == ("Socket.IO", "event")
    assert (found.namespace, found.event, found.ack) == ("/", "message", None)
    assert found.data == ["hi", {"n": 1}]
    assert pieces(found) == ["4", "2", '["message","hi",{"n":1}]']
    assert [part.means for part in found.parts] == [
        "4 = message: Engine.IO carries what follows for Socket.IO",
        "2 = event",
        "the event's name and its arguments, as JSON",
    ]


def test_namespace_number_and_attachments_are_told_apart() -> None:
    found = read('451-/admin,7["picture",{"_placeholder":true,"num":0}]')
    assert (found.kind, found.namespace) == ("binary_event", "/admin")
    assert (found.attachments, found.ack, found.event) == (1, 7, "picture")
    assert pieces(found)[:5] == ["4", "5", "1-", "/admin,", "7"]
    assert found.parts[2].means == "1 attachment follows"
    assert read('452-["two",{}]').parts[2].means == "2 attachments follow"
    assert found.parts[4].means == "please acknowledge under this number"


@pytest.mark.parametrize(
    ("text", "protocol", "kind"),
    [
        ('0{"sid":"x"}', "Engine.IO", "open"),
        ("1", "Engine.IO", "close"),
        ("2", "Engine.IO", "ping"),
        ("3", "Engine.IO", "pong"),
        ("2probe", "Engine.IO", "ping probe"),
        ("3probe", "Engine.IO", "pong probe"),
        ("5", "Engine.IO", "upgrade"),
        ("6", "Engine.IO", "noop"),
        ("40", "Socket.IO", "connect"),
        ("41/admin,", "Socket.IO", "disconnect"),
        ('431["thanks"]', "Socket.IO", "ack"),
        ('44{"message":"no"}', "Socket.IO", "connect_error"),
        ("bAQID", "Socket.IO", "attachment"),
        ("b???", "Engine.IO", "unknown"),
        ("49", "Engine.IO", "message"),
        ("", "Engine.IO", "unknown"),
        ("hello", "Engine.IO", "unknown"),
    ],
)
def test_every_type_has_its_name(text: str, protocol: str, kind: str) -> None:
    found = read(text)
    assert (found.protocol, found.kind) == (protocol, kind)
    assert "".join(pieces(found)) == text


@given(st.text(max_size=200) | st.from_regex(r"4[0-6].{0,40}", fullmatch=True))
def test_the_parts_are_the_packet_whatever_a_stranger_sends(text: str) -> None:
    found = read(text)
    assert "".join(pieces(found)) == text
    assert all(part.means for part in found.parts)
    json.dumps(found.to_json())


@given(
    st.sampled_from(["/", "/admin", "/a-b"]),
    st.none() | st.integers(0, 999),
    st.lists(st.text(max_size=8) | st.integers() | st.booleans(), max_size=3),
)
def test_what_python_socketio_writes_is_read_back(
    namespace: str, ack: int | None, arguments: list[object]
) -> None:
    packet = events.Packet(events.EVENT, namespace=namespace, id=ack, data=["news", *arguments])
    found = read("4" + packet.encode())
    assert (found.namespace, found.ack, found.event) == (namespace, ack, "news")
    assert found.data == arguments


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ('40{"sid":"abc"}', "the client's id in this namespace: request.sid in your handlers"),
        ('40{"key":"abc"}', "what the client brings along: its auth, as JSON"),
        ('44{"message":"no"}', "why it was refused, as JSON"),
        ("431[1]", "what the handler returned, as JSON"),
    ],
)
def test_data_is_told_for_what_it_is(text: str, means: str) -> None:
    assert read(text).parts[-1].means == means


def test_bytes_are_shown_as_hex() -> None:
    assert pieces(read_bytes(b"\x01\xff")) == ["01 ff"]


def test_a_record_of_another_shape_is_left_out_and_a_long_one_cut() -> None:
    assert passed({"kind": "packet"}) is None
    assert passed({"kind": "nonsense", "text": "2"}) is None
    long = passed({"kind": "packet", "text": "4" * 10_000, "user": 1, "session": "no", "at": 1})
    assert long is not None
    assert long.meaning is not None
    assert len("".join(part.text for part in long.meaning.parts)) == SHOWN
    assert dict(long.record) == {"kind": "packet", "user": 1, "at": 1.0, "cut": False}
    data = base64.b64encode(b"\x00\x01").decode()
    binary = passed({"kind": "packet", "data": data})
    assert binary is not None
    assert binary.to_json()["meaning"] == {
        "protocol": "Socket.IO",
        "kind": "attachment",
        "parts": ({"text": "00 01", "means": "bytes that belong to the event before"},),
        "namespace": None,
        "event": None,
        "ack": None,
        "attachments": 0,
    }
