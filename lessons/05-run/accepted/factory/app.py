from flask import Flask
from flask_socketio import SocketIO, emit

sio = SocketIO()


def create_app():
    application = Flask(__name__)
    application.config.update(SECRET_KEY="only for practice", DEBUG=True)

    @application.route("/")
    def index():
        return "Hello, SocketIO!"

    sio.init_app(application, async_mode="threading")
    return application


@sio.event
def message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    sio.run(create_app())
