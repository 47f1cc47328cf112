import sys

from flask import Flask
from flask_socketio import SocketIO, emit

ANSWER = "Message received!"


def answer(payload=None, *rest):
    sys.stdout.write("Received: " + str(payload) + "\n")
    emit("response", {"data": ANSWER})


socketio = SocketIO(async_mode="threading")
socketio.on_event("message", answer)
app = Flask(__name__)
socketio.init_app(app)

if __name__ == "__main__":
    socketio.run(app)
