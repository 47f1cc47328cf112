import threading

from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


def start():
    socketio.run(app, debug=True, use_reloader=False)


if __name__ == "__main__":
    server = threading.Thread(target=start, daemon=True)
    server.start()
    print("The server is running.")
