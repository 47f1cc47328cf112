import logging

from flask import Flask, render_template_string
from flask_socketio import SocketIO, emit

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
log = logging.getLogger(__name__)
socketio = SocketIO()


def create_app():
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "a secret"

    @app.route("/")
    def index():
        return render_template_string("<h1>{{ greeting }}</h1>", greeting="Hello, SocketIO!")

    socketio.init_app(app, async_mode="threading")
    return app


@socketio.on("connect")
def handle_connect(auth):
    log.info("a client connected")
    emit("status", {"data": "Welcome"})


@socketio.on("message")
def handle_message(data):
    log.info("Received: %s", data)
    print("Received:", data)
    emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(create_app(), debug=True)
