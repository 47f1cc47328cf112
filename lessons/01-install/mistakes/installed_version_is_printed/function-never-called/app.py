from importlib.metadata import version

import flask_socketio


def show_version():
    print(flask_socketio.__name__, version("flask-socketio"))
