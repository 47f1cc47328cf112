from importlib import import_module
from importlib.metadata import version

module = import_module("flask_socketio")
print(module.__name__, version("flask-socketio"))
