from flask import Flask, request
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


visitor = None


@socketio.on("connect")
def handle_connect():
    global visitor
    visitor = request.sid


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"}, to=visitor)


if __name__ == "__main__":
    socketio.run(app)
