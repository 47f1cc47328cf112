"""Adds two numbers; what the handler returns is the acknowledgement."""

from flask import Flask, render_template
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("add")
def add(a, b):
    return a + b


if __name__ == "__main__":
    socketio.run(app)
