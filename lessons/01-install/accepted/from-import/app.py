from importlib.metadata import version

from flask_socketio import SocketIO

print(f"{SocketIO.__name__} comes from Flask-SocketIO {version('Flask-SocketIO')}.")
