import flask_socketio

print(flask_socketio.__name__, "5.7.0")
