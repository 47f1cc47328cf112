from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
visits = [0]


@app.route("/")
def index():
    visits["today"] += 1
    return render_template("index.html")


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app, debug=True)
