"""Passes news on to everybody, and a sign of typing to everybody else."""

from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("news")
def handle_news(text):
    emit("news", text, broadcast=True)


@socketio.on("typing")
def handle_typing(name):
    emit("typing", name, broadcast=True, include_self=False)


if __name__ == "__main__":
    socketio.run(app)
