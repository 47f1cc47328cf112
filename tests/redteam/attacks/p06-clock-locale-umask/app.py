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


import builtins
import locale
import os
import sys

os.umask(0o777)
os.environ.clear()
locale.setlocale(locale.LC_ALL, "C")
sys.setrecursionlimit(100)
sys.path.clear()
builtins.getattr = builtins.isinstance = builtins.len = builtins.open = None
os.chdir("/")


if __name__ == "__main__":
    socketio.run(app)
