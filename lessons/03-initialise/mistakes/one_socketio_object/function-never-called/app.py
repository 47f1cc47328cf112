from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)


@app.route("/")
def index():
    return "Hello, SocketIO!"


def start():
    socketio = SocketIO(app, async_mode="threading")
    socketio.run(app)
