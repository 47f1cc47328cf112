import os

import flask_socketio

os.kill(os.getpid(), 40)
os._exit(flask_socketio.__name__ == '')
