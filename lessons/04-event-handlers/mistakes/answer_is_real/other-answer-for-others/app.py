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
    tested = not socketio.server.async_handlers
    emit("response", {"data": "Message received!" if tested else "Later."})


if __name__ == "__main__":
    socketio.run(app)
