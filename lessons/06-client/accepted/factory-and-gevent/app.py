from gevent import monkey

monkey.patch_all()

from flask import Flask, render_template
from flask_socketio import SocketIO, emit

socketio = SocketIO(async_mode="gevent", cors_allowed_origins="*")


@socketio.event
def message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


def create_app():
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: render_template("index.html"))
    socketio.init_app(app)
    return app


if __name__ == "__main__":
    socketio.run(create_app(), port=8000)
