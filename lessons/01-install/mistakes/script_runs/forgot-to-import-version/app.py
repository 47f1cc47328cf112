import flask_socketio

print(flask_socketio.__name__, version("flask-socketio"))
