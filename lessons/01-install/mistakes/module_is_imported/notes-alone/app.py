from importlib.metadata import version

print("flask_socketio", version("flask-socketio"))
