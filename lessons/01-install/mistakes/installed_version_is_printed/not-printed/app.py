from importlib.metadata import version

import flask_socketio

installed = version("flask-socketio")
