from gevent import monkey

monkey.patch_all()

import time

from flask import Flask, render_template, request
from flask_socketio import Namespace, SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent")


@app.route("/")
def index():
    return render_template("index.html")


class Main(Namespace):
    def on_message(self, data):
        print("Received:", data)
        self.emit("response", {"data": "Message received!"}, room=request.sid)

    def on_slow(self):
        time.sleep(2)
        self.emit("slow_done", {"data": "Done!"}, room=request.sid)

    def on_start_ticks(self):
        socketio.start_background_task(self.send_ticks, request.sid)

    def send_ticks(self, sid):
        for count in range(1, 4):
            socketio.sleep(0.3)
            self.emit("tick", {"count": count}, room=sid)


socketio.on_namespace(Main("/"))


if __name__ == "__main__":
    socketio.run(app)
