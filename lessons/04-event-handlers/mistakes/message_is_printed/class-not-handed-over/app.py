from flask import Flask
from flask_socketio import Namespace, SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


class Messages(Namespace):
    def on_message(self, data):
        print("Received:", data)
        emit("response", {"data": "Message received!"})


messages = Messages("/")

if __name__ == "__main__":
    socketio.run(app)
