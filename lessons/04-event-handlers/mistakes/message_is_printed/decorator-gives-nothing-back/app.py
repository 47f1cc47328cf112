from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


def log(f):
    def wrapper(*args):
        print("Received:", *args)
        f(*args)


@socketio.on("message")
@log
def handle_message(data):
    emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app)
