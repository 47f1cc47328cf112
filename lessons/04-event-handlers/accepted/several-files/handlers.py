import json

from flask import request
from flask_socketio import emit

from extensions import app, socketio


@socketio.on("message")
def handle_message(data):
    text = data if isinstance(data, str) else json.dumps(data)
    app.logger.warning("Received: %s", text)
    emit("response", {"data": "Message received!"}, to=request.sid)


@socketio.on("*")
def stray(name, *payload):
    print("nobody listens for", name, payload)
