"""Lets in only those who know the word."""

from flask import Flask, render_template
from flask_socketio import ConnectionRefusedError, SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("connect")
def handle_connect(auth):
    if not auth or auth.get("word") != "sesame":
        raise ConnectionRefusedError("Say the word.")


if __name__ == "__main__":
    socketio.run(app)
