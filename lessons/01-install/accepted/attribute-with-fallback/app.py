import flask_socketio
from importlib.metadata import version

installed = getattr(flask_socketio, "__version__", None) or version("flask-socketio")
major, minor, patch = installed.split(".")[:3]
if int(major) < 5:
    print("Too old!")
print("Flask-SocketIO", installed, "is installed.")
