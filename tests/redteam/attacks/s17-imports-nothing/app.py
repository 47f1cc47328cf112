from importlib.metadata import version

print(version("flask-socketio"))
raise SystemExit(0)

import flask_socketio
