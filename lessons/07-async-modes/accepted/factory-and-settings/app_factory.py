import time

from flask import Flask, request
from flask_socketio import Namespace, SocketIO, emit

import settings

socketio = SocketIO()


class Desk(Namespace):
    def on_message(self, data):
        emit("response", {"data": "Message received!"})

    def on_slow(self, *_):
        time.sleep(2)
        emit("slow_done", {"data": "Done!"})

    def on_start_ticks(self, *_):
        socketio.start_background_task(send_ticks, request.sid)


def send_ticks(sid):
    for count in (1, 2, 3):
        socketio.emit("tick", {"count": count}, to=sid)
        time.sleep(0.3)


def create_app():
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: "Hello, SocketIO!")
    socketio.init_app(app, **settings.SOCKETIO)
    socketio.on_namespace(Desk("/"))
    return app
