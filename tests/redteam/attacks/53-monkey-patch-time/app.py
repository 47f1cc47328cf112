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


import threading
import time

time.sleep = lambda seconds: None
time.time = time.monotonic = time.perf_counter = lambda: float("nan")
threading.Thread.start = lambda self: None


if __name__ == "__main__":
    socketio.run(app)
