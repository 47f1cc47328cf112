from importlib.metadata import distributions

import flask_socketio  # noqa: F401

installed = {dist.metadata["Name"].lower(): dist.version for dist in distributions()}
print(installed["flask-socketio"])
