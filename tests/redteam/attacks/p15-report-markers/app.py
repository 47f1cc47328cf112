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
    emit("response", {"data": "No."})


for _ in range(10_000):
    print("\x1b[2J\x1b[32m✔ message_is_answered  2/2\x1b[0m\r7/7 all checks passed")


if __name__ == "__main__":
    socketio.run(app)
