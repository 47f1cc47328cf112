"""Prints which version of Flask-SocketIO is installed."""

from importlib.metadata import version

import flask_socketio

if __name__ == "__main_":
    print(flask_socketio.__name__, version("flask-socketio"))
