from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
live_app = Flask("live")
socketio = SocketIO(live_app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@live_app.route("/")
def live_index():
    return "Hello, SocketIO!"


if __name__ == "__main__":
    socketio.run(app)
