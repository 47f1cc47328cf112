import importlib

from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
json = importlib.import_module("json")


@socketio.on("message")
def handle_message(data):
    print("Received: " + (data if isinstance(data, str) else json.dumps(data, indent=2)))
    emit("response", {"data": "Message received!"})


def try_it_out():
    client = socketio.test_client(app)
    client.emit("message", "hello")
    print(client.get_received())


if __name__ == "__main__":
    socketio.run(app, port=5117, allow_unsafe_werkzeug=True)
