"""Everything about live connections."""

from flask_socketio import SocketIO


def make(app):
    return SocketIO(app, async_mode="threading")
