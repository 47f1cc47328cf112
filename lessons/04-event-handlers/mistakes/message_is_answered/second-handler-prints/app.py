from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    emit("response", {"data": "Message received!"})


@socketio.on("message")
def print_message(data):
    print("Received:", data)


if __name__ == "__main__":
    socketio.run(app)
