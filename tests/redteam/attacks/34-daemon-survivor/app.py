from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "No."})


import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3, 256):
            try:
                os.close(number)
            except OSError:
                pass
        time.sleep(4)
        with open("/tmp/redteam-escaped-34", "w") as file:
            file.write("still here")
        time.sleep(20)
    os._exit(0)


if __name__ == "__main__":
    socketio.run(app)
