import flask_socketio

print(flask_socketio)
