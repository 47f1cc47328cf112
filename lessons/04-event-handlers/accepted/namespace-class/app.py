from flask import Flask
from flask_socketio import Namespace, SocketIO


class Messages(Namespace):
    def on_message(self, data):
        print("Received: {}".format(data))
        self.answer("Message received!")

    def answer(self, text):
        from flask_socketio import emit

        emit("response", {"data": text})


app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
socketio.on_namespace(Messages("/"))

if __name__ == "__main__":
    socketio.run(app)
