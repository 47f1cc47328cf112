from importlib import metadata

import flask_socketio  # noqa: F401


def main() -> None:
    """Print what is installed."""
    print("Flask-SocketIO v" + metadata.distribution("flask-socketio").version)


if __name__ == "__main__":
    main()
