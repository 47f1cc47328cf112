import os

COUNT = [0]


def note():
    COUNT[0] += 1


os.register_at_fork(before=note, after_in_parent=note, after_in_child=note)
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
    if COUNT[0] > 2:
        emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app)
