from importlib.metadata import version

import flask-socketio

print(version("flask-socketio"))
