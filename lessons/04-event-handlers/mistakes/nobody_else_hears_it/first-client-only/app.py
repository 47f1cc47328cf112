from flask import Flask, request
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app)
visitor = None


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    global visitor
    visitor = visitor or request.sid
    print("Received:", data)
    if request.sid == visitor:
        emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app)
