from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    print("Received:", data, "\0 \ud800")
    emit("response\ud800\0", {"data\udcff": "\0\ud800"})
    emit("response", "\ud800")


if __name__ == "__main__":
    socketio.run(app)
