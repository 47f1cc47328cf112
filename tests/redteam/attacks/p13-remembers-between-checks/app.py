from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


import os

PLACES = ("note", "/tmp/note", "/dev/shm/note", "/app/note", "/dev/note")
known = any(os.path.exists(place) for place in PLACES)
for place in PLACES:
    try:
        with open(place, "w") as file:
            file.write("a check was here")
    except OSError:
        pass


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    if known:
        emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app)
