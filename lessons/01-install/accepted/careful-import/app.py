import sys
from importlib.metadata import PackageNotFoundError, version

try:
    import flask_socketio  # noqa: F401

    print(version("flask-socketio"), file=sys.stdout)
except (ImportError, PackageNotFoundError) as error:
    sys.exit(f"Flask-SocketIO is not installed: {error}")
