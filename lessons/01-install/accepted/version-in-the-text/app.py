"""This course was written for Flask-SocketIO 5.7.0."""

from importlib.metadata import version

import flask_socketio

written_for = "5.7.0"
print(f"{flask_socketio.__name__}: {version('flask-socketio')} is installed, {written_for} was used")
