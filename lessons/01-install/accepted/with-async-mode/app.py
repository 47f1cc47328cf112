from importlib.metadata import metadata

from flask import Flask
from flask_socketio import SocketIO

socketio = SocketIO(Flask(__name__))

print(metadata("flask-socketio")["Version"])
print("async_mode:", socketio.async_mode)
