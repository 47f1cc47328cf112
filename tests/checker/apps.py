"""Apps of learners, and how a test gets hold of one."""

from collections.abc import Iterator
from contextlib import contextmanager

from checker.app import App
from checker.link import Packet, Watch
from checker.stage.pool import Pool
from checker.submission import Submission

ECHO = """
from flask import Flask, session
from flask_socketio import SocketIO, emit

app = Flask(__name__)
app.secret_key = "test"
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})
    return "thanks"


if __name__ == "__main__":
    socketio.run(app, debug=True)
"""


@contextmanager
def app_of(
    pool: Pool, files: str | dict[str, str], packets: list[Packet] | None = None
) -> Iterator[App]:
    """Lend the app of some files, as a check of lesson 7 would meet it."""
    given = {"app.py": files} if isinstance(files, str) else files
    watch = Watch(lesson=7, on_packet=(packets if packets is not None else []).append)
    app = App(Submission.from_files(given), pool, watch)
    try:
        yield app
    finally:
        app.close()
