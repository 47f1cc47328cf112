from importlib.metadata import version

import flask_socketio


def lines():
    yield f"module {flask_socketio.__name__}"
    for package in ("flask", "python-socketio", "flask-socketio"):
        yield f"{package}=={version(package)}"
