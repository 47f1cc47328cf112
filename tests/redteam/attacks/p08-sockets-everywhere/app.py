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


import socket

held = []
for family in range(1, 46):
    for kind in (1, 2, 3):
        try:
            found = socket.socket(family, kind)
        except OSError:
            continue
        held.append(found)
        if family not in (1, 2, 10) or kind == 3:
            raise SystemExit(f"a socket of family {family}, kind {kind}")
meeting = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
try:
    meeting.connect("\0redteam")
    raise SystemExit("a neighbour was there")
except OSError:
    meeting.bind("\0redteam")
    meeting.listen()


if __name__ == "__main__":
    socketio.run(app)
