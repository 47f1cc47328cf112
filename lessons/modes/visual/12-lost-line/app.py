"""Counts a score, and confirms it."""

from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("score")
def handle_score(points):
    emit("scored", points)


if __name__ == "__main__":
    socketio.run(app)
