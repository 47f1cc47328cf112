import time

from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)

# Task 1: choose a mode here.
# As it stands, what is installed decides.
socketio = SocketIO(app)


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


@socketio.on("slow")
def handle_slow():
    # Task 2: while this client waits, the others must not.
    time.sleep(2)
    emit("slow_done", {"data": "Done!"})


# Task 3: write a handler for "start_ticks" here.


if __name__ == "__main__":
    socketio.run(app)
