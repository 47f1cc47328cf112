from importlib.metadata import version

import flask_socketio

print(flask_socketio.__name__, version("python-socketio"))
