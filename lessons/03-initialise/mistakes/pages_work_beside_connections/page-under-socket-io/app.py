from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@app.route("/socket.io/help")
def live_help():
    return "How to use this app"


if __name__ == "__main__":
    socketio.run(app)
