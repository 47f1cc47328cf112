from flask_socketio import SocketIO

socketio = SocketIO(async_mode="threading")


def start(app):
    socketio.init_app(app)
