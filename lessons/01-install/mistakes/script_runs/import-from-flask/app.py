from importlib.metadata import version

from flask import SocketIO

print(SocketIO.__name__, version("flask-socketio"))
