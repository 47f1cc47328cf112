import sys

from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


class Log:
    def __init__(self):
        self._lines = []

    def _handle_line(self, line):
        self._lines.append(line)
        print(line)


log = Log()


@socketio.on("message")
def handle_message(data):
    log._handle_line(f"Received: {data}")
    emit("response", {"data": "Message received!"})


if __name__ == "__main__" and "--self-test" not in sys.argv:
    socketio.run(app)
elif __name__ == "__main__":
    client = socketio.test_client(app)
    client.emit("message", "hello")
    assert client.get_received()[0]["args"] == [{"data": "Message received!"}]
