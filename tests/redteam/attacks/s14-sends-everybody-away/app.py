from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@socketio.on("message")
def handle_message(data):
    emit("response", {"data": "Message received!"})


@socketio.on("slow")
def handle_slow():
    for sid, _ in list(socketio.server.manager.get_participants("/", None)):
        socketio.server.disconnect(sid)


if __name__ == "__main__":
    socketio.run(app)
