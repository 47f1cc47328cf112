from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    socketio.sleep(1.5)
    emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app, debug=True)
