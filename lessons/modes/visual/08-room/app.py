"""Lets a page join a room, and says something to those in it."""

from flask import Flask, render_template
from flask_socketio import SocketIO, emit, join_room

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("join")
def handle_join(room):
    join_room(room)


@socketio.on("say")
def handle_say(room, text):
    emit("said", text, to=room)


if __name__ == "__main__":
    socketio.run(app)
