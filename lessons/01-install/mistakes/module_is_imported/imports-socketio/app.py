from importlib.metadata import version

import socketio

print(socketio.__name__, version("flask-socketio"))
