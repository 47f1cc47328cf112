from app import app
from flask_socketio import SocketIO

socketio = SocketIO(app, async_mode="threading")
