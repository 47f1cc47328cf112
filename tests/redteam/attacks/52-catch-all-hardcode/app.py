from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("*")
def handle_everything(event, data=None):
    print("Received:", data)
    for name in ("response", "message", "my response", "slow_done", "tick"):
        emit(name, {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app)
