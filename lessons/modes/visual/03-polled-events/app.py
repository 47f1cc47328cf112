"""Greets whoever gives a name."""

from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("greet")
def handle_greet(name):
    emit("greeting", f"Hello, {name}.")


if __name__ == "__main__":
    socketio.run(app)
