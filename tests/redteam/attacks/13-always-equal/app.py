from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


class Always(dict):
    """Equal to everything, in this process."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", Always(data="anything"))


if __name__ == "__main__":
    socketio.run(app)
