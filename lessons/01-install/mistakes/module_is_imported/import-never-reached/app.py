from importlib.metadata import version


def check_installation():
    import flask_socketio

    print("found", flask_socketio.__name__)


print("Flask-SocketIO", version("flask-socketio"))
