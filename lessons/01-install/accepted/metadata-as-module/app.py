import importlib.metadata

import flask_socketio as fs

installed = importlib.metadata.version("flask_socketio")
print("version:", installed, "module:", fs.__name__)
