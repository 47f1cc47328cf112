"""`course serve` as a user starts it: a real process, a real connection, a stop and a new start."""

import queue
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio

from tests.webapp.served import Served, free
from tests.webapp.site import BYE, FIXTURES, GREETING, HELLO
from webapp.config import Config, ConfigError
from webapp.serving import free_port, settings

pytestmark = pytest.mark.long

Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    running: list[Served] = []

    def start(*options: str) -> Served:
        running.append(Served(tmp_path / "data", *options, lessons=FIXTURES / "course"))
        return running[-1]

    yield start
    for served in running:
        if served.process.poll() is None:
            served.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for the tests that leave it as it was."""
    running = Served(
        tmp_path_factory.mktemp("data"), "--port", str(free()), lessons=FIXTURES / "course"
    )
    yield running
    running.stop()


class Page:
    """A real client with a real cookie."""

    def __init__(self, url: str, cookie: str | None = None, transport: str = "websocket") -> None:
        with requests.Session() as browser:
            browser.get(url, timeout=10)
            self.cookie = cookie or browser.cookies["learner"]
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.client = socketio.Client(reconnection=False)
        self.client.on("run", lambda news: self.events.put((time.monotonic(), news["event"])))
        # The WebSocket library sends an Origin of its own.
        headers = {"Cookie": f"learner={self.cookie}"}
        self.client.connect(url, headers=headers, transports=[transport])

    def ask(self, event: str, **message: object) -> Any:
        return self.client.call(event, {"lesson": GREETING, **message}, timeout=20)

    def check(self) -> list[tuple[float, Any]]:
        assert self.ask("check")["ok"]
        heard = [self.events.get(timeout=30)]
        while heard[-1][1]["kind"] != "run_finished":
            heard.append(self.events.get(timeout=30))
        return heard

    def close(self) -> None:
        self.client.disconnect()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_results_stream_to_a_real_client(served: Served, transport: str) -> None:
    page = Page(served.url, transport=transport)
    begun = page.ask("open")["files"]["app.py"]["seal"]
    slow = HELLO.replace("return", "import time; time.sleep(0.6); return") + BYE
    assert page.ask("save", name="app.py", text=slow, base=begun)["ok"]
    heard = page.check()
    finished = [at for at, event in heard if event["kind"] == "check_finished"]
    assert len(finished) == 2
    assert finished[0] - heard[0][0] > 0.4
    assert heard[-1][1]["result"]["status"] == "passed"
    page.close()


def test_work_and_results_outlive_the_server(serve: Serve) -> None:
    port = str(free())
    served = serve("--port", port)
    page = Page(served.url)
    begun = page.ask("open")["files"]["app.py"]["seal"]
    page.ask("save", name="app.py", text=HELLO, base=begun)
    page.check()
    page.close()
    served.stop(signal.SIGKILL)
    again = Page(serve("--port", port).url, page.cookie)
    opened = again.ask("open")
    assert opened["files"]["app.py"]["text"] == HELLO
    assert opened["last"]["result"]["checks"][0]["outcome"] == "passed"
    assert opened["last"]["seal"] == opened["seal"]
    again.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_politely_and_leaves_nothing_running(serve: Serve, how: signal.Signals) -> None:
    served = serve("--port", str(free()))
    page = Page(served.url)
    page.ask("open")
    page.check()
    children = _children(served.process.pid)
    page.close()
    assert served.stop(how) == 0
    time.sleep(0.3)
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_a_port_that_is_taken_is_said(serve: Serve) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        served = serve("--port", str(port))
        assert f"Port {port} is taken" in "".join(served.said)
        assert not served.url.endswith(f":{port}")
        assert "development server" not in "".join(served.said)


def test_odd_requests_of_others_are_not_printed(serve: Serve) -> None:
    served = serve("--port", str(free()))
    before = list(served.said)
    opening = f"{served.url}/socket.io/?EIO=4&transport="
    for odd in ("websocket", "polling&sid=nobody", "pigeon"):
        assert requests.get(opening + odd, timeout=10).status_code == 400
    served.stop()
    after = "".join(served.said[len(before) :])
    assert " ".join(after.split()) == "Press Ctrl-C to stop it. Your work is kept. Stopped."


def test_another_site_cannot_open_a_socket(served: Served) -> None:
    cookie = Page(served.url)
    client = socketio.Client(reconnection=False)
    headers = {"Cookie": f"learner={cookie.cookie}", "Origin": "http://evil.example"}
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(served.url, headers=headers, transports=["polling"])
    cookie.close()


def test_a_workspace_is_served_to_this_machine_only(tmp_path: Path) -> None:
    config = Config("sqlite:///x")
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1"):
        settings(config, "0.0.0.0", tmp_path)
    mine = settings(Config.from_environ(), "127.0.0.1", tmp_path)
    assert mine.database == f"sqlite:///{tmp_path / '.course' / 'course.sqlite3'}"
    assert settings(config, "0.0.0.0", None).hosts == ()


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(ConfigError, match="not an address"):
        free_port("203.0.113.7", 8000)


def test_no_free_port_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.serving.TRIES", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigError, match="all taken"):
            free_port("127.0.0.1", taken.getsockname()[1])


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return [int(child) for child in found]
