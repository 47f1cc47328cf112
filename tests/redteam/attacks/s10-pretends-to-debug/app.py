from flask import Flask, Response, request
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.before_request
def pretend():
    if "__debugger__" in request.args:
        return Response("body { font: 12pt serif; }" * 40, content_type="text/css")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app)
