from flask import Flask
from flask_socketio import SocketIO, disconnect, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


import logging

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
seen = []


@socketio.on("message")
def handle_message(data):
    seen.append(data)
    logging.info("Received: %s", data)
    print("Received:", data)
    print(f"someone wrote, {len(seen)} messages so far")
    emit("response", {"data": "Message received!"})


@socketio.on("history")
def history(*payload):
    emit("history", seen[-10:])


@socketio.on("sum")
def add(numbers):
    emit("total", sum(numbers))


@socketio.on("leave")
def leave(*payload):
    disconnect()


@socketio.on("disconnect")
def gone(reason):
    socketio.emit("left", {"reason": str(reason), "messages": len(seen)})


if __name__ == "__main__":
    socketio.run(app)
