from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading", cors_allowed_origins="*")
count = 0


@app.route("/")
def index():
    return f"<p>Hello, SocketIO!</p><p>{count} messages so far</p>"


@socketio.on_error_default
def report(error):
    print("error:", error)


@socketio.on("message", namespace="/")
def handle_message(data):
    global count
    count += 1
    print("Received: %s" % (data,))
    emit("response", {"data": "Message received!"}, broadcast=False)
    return "ok"


if __name__ == "__main__":
    socketio.run(app, host="0.0.0.0")
