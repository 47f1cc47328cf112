from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
visitors = []


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("connect")
def connected():
    visitors.append("visitor")
    return len(visitors) == 1


if __name__ == "__main__":
    socketio.run(app)
