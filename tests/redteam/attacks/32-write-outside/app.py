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


import json
import os

with open("ambient.json") as file:
    folders = json.load(file)["folders"]
for folder in [*folders, "..", "/", "/etc", "/opt", "/dev", "/dev/shm", "/tmp", "/var/tmp", "/usr/lib"]:
    try:
        with open(os.path.join(folder, "redteam-escaped-32"), "w") as file:
            file.write("written by a submission")
    except OSError:
        pass


if __name__ == "__main__":
    socketio.run(app)
