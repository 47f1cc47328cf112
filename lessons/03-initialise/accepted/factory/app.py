from flask import Flask
from flask_socketio import SocketIO

socketio = SocketIO(async_mode="threading")


def create_app():
    app = Flask(__name__)

    @app.route("/")
    def index():
        return "Hello, SocketIO!"

    socketio.init_app(app)
    return app


if __name__ == "__main__":
    socketio.run(create_app())
