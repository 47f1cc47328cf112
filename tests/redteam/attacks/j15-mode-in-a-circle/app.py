from flask import Flask
from flask_socketio import SocketIO

if False:
    x = y
    y = x
globals()["x"] = None
app = Flask(__name__)
socketio = SocketIO(app, async_mode=x)
