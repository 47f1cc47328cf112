from flask import Flask, request
from flask_socketio import Namespace, SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


class Chat(Namespace):
    def on_message(self, data):
        print("Received:", data)
        self.emit("response", {"data": "Message received!"}, to=request.sid)


socketio.on_namespace(Chat("/"))

if __name__ == "__main__":
    socketio.run(app, debug=True)
