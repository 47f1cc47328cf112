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


import resource

for name in dir(resource):
    if name.startswith("RLIMIT_"):
        try:
            most = resource.RLIM_INFINITY
            resource.setrlimit(getattr(resource, name), (most, most))
        except (OSError, ValueError):
            continue
        raise SystemExit(f"{name} could be raised")


if __name__ == "__main__":
    socketio.run(app)
