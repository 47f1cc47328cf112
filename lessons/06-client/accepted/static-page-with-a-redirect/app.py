from flask import Flask, redirect, url_for
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return redirect(url_for("static", filename="chat.html"))


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app, debug=True)
