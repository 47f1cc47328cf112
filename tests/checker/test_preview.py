"""A learner's app that runs for browsers: what passes is seen, and nothing is left behind."""

import queue
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psutil
import pytest
import requests
import socketio
import websocket

from checker.packets import Passed
from checker.preview import Gone, Limits, Listening, News, Output, Preview, Silent, Traffic
from checker.stage.pool import Pool
from checker.submission import Submission
from tests.checker.apps import ECHO

DEAF = "import signal\nprint('hears a hang-up:', signal.getsignal(1) == signal.SIG_DFL)\n" + ECHO
PLAIN = ECHO.replace("debug=True", "allow_unsafe_werkzeug=True")
SECONDS = 40.0


class Visited:
    """A preview that runs, with a port on which it can be visited as two users."""

    def __init__(self, pool: Pool, files: str | dict[str, str], **limits: float) -> None:
        given = {"app.py": files} if isinstance(files, str) else files
        self.preview = Preview(Submission.from_files(given), pool, limits=Limits(**limits))  # type: ignore[arg-type]
        self.news: list[News] = []
        self.user = 1
        self._told: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for each in self.preview.events():
            self._told.put(each)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.preview.let_in(connection, self.user)
            connection.close()

    def wait(self, wanted: Callable[[News], bool]) -> Any:
        """Return the first piece of news that is wanted, of those that came or will come."""
        seen = 0
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            while seen < len(self.news):
                if wanted(self.news[seen]):
                    return self.news[seen]
                seen += 1
            try:
                self.news.append(self._told.get(timeout=1))
            except queue.Empty:
                continue
        raise AssertionError(self.news)

    def listening(self) -> str:
        found: Listening = self.wait(lambda news: isinstance(news, Listening))
        return found.address

    def gone(self) -> Gone:
        found: Gone = self.wait(lambda news: isinstance(news, Gone))
        return found

    def packet(self, wanted: Callable[[Passed], bool]) -> Passed:
        """Wait for something that passed."""
        found: Traffic = self.wait(
            lambda news: isinstance(news, Traffic) and any(wanted(each) for each in news.passed)
        )
        return next(each for each in found.passed if wanted(each))

    def passed(self) -> list[Passed]:
        return [each for news in self.news if isinstance(news, Traffic) for each in news.passed]

    @property
    def output(self) -> str:
        return "".join(news.text for news in self.news if isinstance(news, Output))

    def close(self) -> None:
        self.preview.stop()
        self._thread.join(SECONDS)
        self._listener.close()
        assert not self._thread.is_alive()


Visit = Callable[..., Visited]


@pytest.fixture
def visit(any_pool: Pool) -> Iterator[Visit]:
    made: list[Visited] = []

    def make(files: str | dict[str, str], **limits: float) -> Visited:
        made.append(Visited(any_pool, files, **limits))
        return made[-1]

    yield make
    for each in made:
        each.close()


@contextmanager
def connected(visited: Visited, **how: Any) -> Iterator[socketio.Client]:
    """A client of the app, which is gone afterwards, whatever happens."""
    client = socketio.Client(reconnection=False)
    client.connect(visited.url, **how)
    try:
        yield client
    finally:
        client.disconnect()


def is_event(name: str, to: str) -> Callable[[Passed], bool]:
    return lambda each: (
        each.meaning is not None and each.meaning.event == name and each.record["to"] == to
    )


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


def runs_an_app(process: psutil.Process) -> bool:
    """Whether a process runs a learner's script; one that has ended does not."""
    try:
        return "app.py" in process.cmdline()
    except psutil.Error:
        return False


def stop_and_see_all_gone(visited: Visited) -> None:
    """Stop an app that listens, and see every process of it gone."""
    visited.listening()
    started = [each for each in psutil.Process().children(recursive=True) if runs_an_app(each)]
    assert started
    visited.preview.stop()
    gone = visited.gone()
    assert (gone.reason, gone.message) == ("stopped", "Your app was stopped.")
    _, alive = psutil.wait_procs(started, timeout=10)
    assert alive == []


def test_stopping_leaves_nothing_behind(visit: Visit) -> None:
    visited = visit(ECHO)
    stop_and_see_all_gone(visited)
    with socket.create_connection(("127.0.0.1", int(visited.url.rsplit(":", 1)[1]))) as late:
        late.settimeout(10)
        assert late.recv(1) == b""


def test_nothing_is_left_by_an_app_that_hears_no_hang_up(visit: Visit) -> None:
    stop_and_see_all_gone(visit("import signal\nsignal.signal(1, signal.SIG_IGN)\n" + ECHO))


def test_nothing_is_left_when_the_course_is_served_under_nohup() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Pool.open("process") as pool, closing(Visited(pool, DEAF)) as visited:
            stop_and_see_all_gone(visited)
            assert "hears a hang-up: True" in visited.output
    finally:
        signal.signal(signal.SIGHUP, before)


def test_an_app_that_ends_says_how_and_where(visit: Visit) -> None:
    visited = visit("import flask\n\nprint('begun')\n1 / 0\n")
    gone = visited.gone()
    assert gone.message == "Your app ended with an error (exit status 1)."
    assert (gone.reason, gone.exit, gone.line) == ("ended", 1, 4)
    assert gone.help == "Read the last lines that it printed: the last one says what went wrong."
    assert "ZeroDivisionError" in visited.output


def test_an_app_without_a_server_says_so(visit: Visit) -> None:
    gone = visit("print('done')\n").gone()
    assert gone.message == (
        "Your app ended by itself: it came to its last line, and no server was left running."
    )


def test_an_app_that_is_stopped_by_a_signal_says_which(pool: Pool) -> None:
    with closing(Visited(pool, "import os\nos.kill(os.getpid(), 15)\nos.abort()\n")) as visited:
        assert visited.gone().message.startswith("Your app was ended by signal ")


def test_processor_time_is_bounded(pool: Pool) -> None:
    with closing(Visited(pool, "while True: pass\n", cpu=1)) as visited:
        assert visited.gone().message == (
            "Your app was ended from outside: it had used more than 1 seconds of processor time, "
            "or more memory than there is."
        )


def test_an_app_that_does_not_listen_is_told_of(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.preview.SILENT_SECONDS", 0.5)
    waits = "import time\nprint('waiting')\ntime.sleep(60)\n"
    with closing(Visited(pool, waits)) as visited:
        silent: Silent = visited.wait(lambda news: isinstance(news, Silent))
        assert silent.last == "waiting"


def test_an_app_that_nobody_uses_ends(pool: Pool) -> None:
    with closing(Visited(pool, PLAIN, idle=2.0)) as visited:
        visited.listening()
        gone = visited.gone()
        assert gone.reason == "idle"
        assert gone.message == "Your app was stopped: nobody used it for 0 minutes."


def test_an_app_ends_after_its_time(pool: Pool) -> None:
    with closing(Visited(pool, PLAIN, total=1.0)) as visited:
        gone = visited.gone()
        assert gone.reason == "old"
        assert gone.message == "Your app was stopped after 0 minutes. Run it again."


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


def test_a_flood_passes_and_is_written_down_in_part(pool: Pool) -> None:
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
        visited.wait(lambda news: isinstance(news, Traffic) and news.lost > 0)


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
