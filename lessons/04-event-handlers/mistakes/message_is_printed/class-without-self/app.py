from flask import Flask
from flask_socketio import Namespace, SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


class Messages(Namespace):
    def on_message(data):
        print("Received:", data)
        emit("response", {"data": "Message received!"})


socketio.on_namespace(Messages("/"))

if __name__ == "__main__":
    socketio.run(app)
