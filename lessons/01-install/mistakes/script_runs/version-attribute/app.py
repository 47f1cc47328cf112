"""Prints which version of Flask-SocketIO is installed."""

import flask_socketio

print(flask_socketio.__version__)
