from gevent import monkey

monkey.patch_all()

import time

from flask import Flask, render_template, request
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


@socketio.on("slow")
def handle_slow():
    time.sleep(2)
    emit("slow_done", {"data": "Done!"})


@socketio.on("start_ticks")
def handle_start_ticks():
    socketio.start_background_task(send_ticks, args=(request.sid,))


def send_ticks(sid):
    for count in range(1, 4):
        socketio.sleep(0.3)
        socketio.emit("tick", {"count": count}, to=sid)


if __name__ == "__main__":
    socketio.run(app)
