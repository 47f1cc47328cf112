"""What passes between browsers and a learner's app is written down; some things do not pass."""

import socket
from contextlib import closing

import pytest
import requests
import websocket

from checker.preview import News, Traffic
from checker.stage.inside.recorder import MAX_PACKETS, MAX_WAITING, Recorder
from checker.stage.pool import Pool
from tests.checker.apps import ECHO
from tests.checker.preview.visited import PLAIN, SECONDS, Visit, Visited, connected, is_event

pytestmark = pytest.mark.long


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_what_passes_is_written_down_both_ways(visit: Visit, transport: str) -> None:
    visited = visit(PLAIN)
    assert visited.listening() == "http://127.0.0.1:5000/"
    headers = {} if transport == "websocket" else {"Origin": visited.url}
    with connected(visited, transports=[transport], headers=headers) as client:
        assert client.call("message", "hi", timeout=10) == "thanks"
        sent = visited.packet(is_event("message", "server"))
        answer = visited.packet(is_event("response", "page"))
        ack = visited.packet(lambda each: each.meaning is not None and each.meaning.kind == "ack")
    assert sent.meaning is not None
    assert sent.meaning.data == ["hi"]
    assert sent.meaning.ack is not None
    assert {each.record["transport"] for each in (sent, answer, ack)} == {transport}
    assert {each.record["session"] for each in (sent, answer, ack)} == {1}
    visited.wait(lambda news: "Received: hi" in visited.output)
    opened = visited.packet(lambda each: each.meaning is not None and each.meaning.kind == "open")
    assert opened.record["user"] == 1


def test_an_upgrade_stays_one_session_and_users_are_told_apart(visit: Visit) -> None:
    visited = visit(PLAIN)
    visited.listening()
    for user in (1, 2):
        visited.user = user
        with connected(visited) as client:
            assert client.transport() == "websocket"
            client.call("message", f"from {user}", timeout=10)
    visited.packet(lambda each: each.meaning is not None and each.meaning.data == ["from 2"])
    kinds = [
        (each.record["user"], each.record["session"], each.meaning.kind)
        for each in visited.passed()
        if each.meaning is not None
    ]
    assert {kind[:2] for kind in kinds} == {(1, 1), (2, 2)}
    assert (1, 1, "ping probe") in kinds
    assert (2, 2, "upgrade") in kinds


BYTES = PLAIN.replace(
    '    return "thanks"', "    emit('picture', b'\\x01\\x02')\n    return \"thanks\""
)


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_bytes_are_seen_as_attachments(visit: Visit, transport: str) -> None:
    visited = visit(BYTES)
    visited.listening()
    with connected(visited, transports=[transport]) as client:
        client.call("message", "hi", timeout=10)
        announced = visited.packet(is_event("picture", "page"))
        followed = visited.packet(
            lambda each: each.meaning is not None and each.meaning.kind == "attachment"
        )
    assert announced.meaning is not None
    assert announced.meaning.attachments == 1
    assert followed.meaning is not None
    assert followed.meaning.parts[-1].text in ("01 02", "AQI=")


SITE = """
from flask import Flask, redirect, request, session

app = Flask(__name__)
app.secret_key = "test"

@app.route("/")
def index():
    session["seen"] = session.get("seen", 0) + 1
    return f"{request.host} {session['seen']}"

@app.route("/go")
def go():
    return redirect("http://127.0.0.1:5000/")

@app.route("/stream")
def stream():
    return (str(n) * 1000 for n in range(5)), {"Content-Type": "text/plain"}

@app.post("/echo")
def echo():
    return request.get_data()

if __name__ == "__main__":
    app.run()
"""


def test_ordinary_pages_pass_as_they_are(visit: Visit) -> None:
    visited = visit(SITE)
    visited.listening()
    with requests.Session() as browser:
        first = browser.get(visited.url, timeout=10)
        assert first.text == "127.0.0.1:5000 1"
        assert first.headers["Set-Cookie"].endswith("; SameSite=None; Secure; Partitioned")
        assert browser.get(f"{visited.url}/go", timeout=10).text == "127.0.0.1:5000 1"
        streamed = browser.get(f"{visited.url}/stream", timeout=10)
        assert streamed.text == "".join(str(n) * 1000 for n in range(5))
        sent = b"x" * 300_000
        assert browser.post(f"{visited.url}/echo", data=sent, timeout=10).content == sent
        assert browser.head(visited.url, timeout=10).status_code == 200
        assert browser.get(f"{visited.url}/nowhere", timeout=10).status_code == 404
    missing = visited.packet(lambda each: each.record.get("path") == "/nowhere")
    assert missing.record["status"] == 404
    assert missing.meaning is None


def test_the_origin_of_another_site_is_refused_as_in_a_real_run(visit: Visit) -> None:
    visited = visit(PLAIN)
    visited.listening()
    asked = f"{visited.url}/socket.io/?EIO=4&transport=polling"
    ours = requests.get(asked, headers={"Origin": visited.url}, timeout=10)
    assert ours.headers["Access-Control-Allow-Origin"] == visited.url
    theirs = requests.get(asked, headers={"Origin": "http://evil.example"}, timeout=10)
    assert theirs.status_code == 400
    visited.wait(lambda news: "not an accepted origin" in visited.output)


def test_the_app_is_called_as_its_own_files_call_it(visit: Visit) -> None:
    files = PLAIN.replace(
        'async_mode="threading"',
        'async_mode="threading", cors_allowed_origins="http://localhost:5000"',
    )
    visited = visit(files)
    assert visited.listening() == "http://localhost:5000/"
    asked = f"{visited.url}/socket.io/?EIO=4&transport=polling"
    assert requests.get(asked, headers={"Origin": visited.url}, timeout=10).status_code == 200


def test_the_reloader_and_another_port_are_found(visit: Visit) -> None:
    visited = visit(ECHO.replace("debug=True", "debug=True, port=5317"))
    assert visited.listening() == "http://127.0.0.1:5317/"
    assert requests.get(visited.url, timeout=20).text == "Hello, SocketIO!"


GREEN = """
from flask import Flask
from flask_socketio import SocketIO
app = Flask(__name__)
socketio = SocketIO(app, async_mode="{mode}")
@socketio.on("message")
def message(data):
    return data * 2
if __name__ == "__main__":
    socketio.run(app)
"""


@pytest.mark.parametrize("mode", ["eventlet", "gevent"])
def test_the_green_modes_are_served(pool: Pool, mode: str) -> None:
    with closing(Visited(pool, GREEN.format(mode=mode))) as visited:
        visited.listening()
        with connected(visited) as client:
            assert client.call("message", 21, timeout=10) == 42
        assert visited.packet(is_event("message", "server")).record["transport"] in (
            "polling",
            "websocket",
        )


FLOOD = """
from flask import Flask
from flask_socketio import SocketIO, emit
app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading", async_handlers=False)
got = []

@socketio.on("drop")
def drop(n):
    got.append(n)

@socketio.on("back")
def back():
    for n in got:
        emit("drop", n)
    return len(got)

if __name__ == "__main__":
    socketio.run(app, allow_unsafe_werkzeug=True)
"""
DROPS = 3_000


def test_a_flood_passes_and_is_written_down_or_counted(pool: Pool) -> None:
    with closing(Visited(pool, FLOOD)) as visited:
        visited.listening()
        url = visited.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        with closing(websocket.create_connection(url, timeout=SECONDS)) as browser:
            browser.send("40")
            drops = [f'42["drop",{n}]' for n in range(DROPS)]
            frames = [
                websocket.ABNF.create_frame(drop, websocket.ABNF.OPCODE_TEXT) for drop in drops
            ]
            assert browser.sock is not None
            browser.sock.sendall(b"".join(frame.format() for frame in frames))
            browser.send('421["back"]')
            passed = list(iter(browser.recv, f"431[{DROPS}]"))
        assert [packet for packet in passed if str(packet).startswith("42")] == drops
        seen = 0

        def told(news: News) -> bool:
            nonlocal seen
            seen += len(news.passed) + news.lost if isinstance(news, Traffic) else 0
            return seen >= 2 * DROPS

        visited.wait(told)


def test_what_waits_to_be_told_is_bounded_and_the_rest_is_counted() -> None:
    recorder = Recorder()
    for number in range(MAX_WAITING + 5):
        recorder.note(number=number)
    taken, lost = recorder.take(0)
    assert (len(taken), lost, taken[0]["number"]) == (MAX_PACKETS, 5, 5)
    assert recorder.take(0)[1] == 0


def test_the_output_of_a_chatterbox_is_cut(pool: Pool) -> None:
    with closing(Visited(pool, "print('x' * 150_000)\nprint('the end')\n")) as visited:
        visited.gone()
        assert "characters were left out)" in visited.output
        assert visited.output.rstrip().endswith("the end")


NOSY = """
import socket
def attempt(address):
    try:
        socket.create_connection(address, 2).close()
        return "reached"
    except OSError as error:
        return type(error).__name__
print("outside:", attempt(("127.0.0.1", int("{port}"))))
"""


def test_the_app_reaches_nothing_outside(pool: Pool) -> None:
    if pool.sandbox != "bubblewrap":
        pytest.skip("There are no walls on this machine.")
    with socket.create_server(("127.0.0.1", 0)) as outside:
        port = outside.getsockname()[1]
        program = NOSY.format(port=port)
        with closing(Visited(pool, program)) as visited:
            visited.gone()
            assert "outside: ConnectionRefusedError" in visited.output
