from flask import Flask
from flask_socketio import SocketIO, send
from flask_socketio import emit as reply

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@socketio.on("*")
def any_event(name, *payload):
    match (name, payload):
        case ("message", (data,)):
            print("Received:", data)
            reply("response", {"data": "Message received!"})
        case ("ping me", _):
            send("here I am")
        case _:
            print("ignored:", name)


if __name__ == "__main__":
    socketio.run(app)
