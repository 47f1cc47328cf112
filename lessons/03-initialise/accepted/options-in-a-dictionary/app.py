from flask import Flask
from flask_socketio import SocketIO

OPTIONS = {"async_mode": "threading", "path": "/live"}

app = Flask(__name__)
socketio = SocketIO(app, **OPTIONS)


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("connect")
def connected(auth=None):
    print("somebody is here")


if __name__ == "__main__":
    socketio.run(app)
