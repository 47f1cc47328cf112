from flask import Flask, request
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


def answer(sid):
    socketio.sleep(0.05)
    socketio.emit("response", {"data": "Message received!"}, to=sid)


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    socketio.start_background_task(answer, request.sid)


if __name__ == "__main__":
    app.run()
