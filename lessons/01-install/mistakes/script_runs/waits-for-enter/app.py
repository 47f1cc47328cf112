from importlib.metadata import version

import flask_socketio

print(flask_socketio.__name__, version("flask-socketio"))
input("Press Enter to close this window.")
