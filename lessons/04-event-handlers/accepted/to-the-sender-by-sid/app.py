from flask import Flask, request
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@socketio.on("message")
def handle_message(data):
    print("Received:", data, flush=True)
    socketio.emit("response", {"data": "Message received!"}, to=request.sid)


@socketio.on("disconnect")
def gone(reason):
    print("gone:", reason)


if __name__ == "__main__":
    socketio.run(app)
