"""Prints which version of Flask-SocketIO is installed."""

from importlib.metadata import version

import flask_socketio

print("Flask-SocketIO {version('flask-socketio')}")
