"""Takes a picture, and says how many bytes it has."""

from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("picture")
def handle_picture(name, data):
    emit("stored", {"name": name, "bytes": len(data)})


if __name__ == "__main__":
    socketio.run(app)
