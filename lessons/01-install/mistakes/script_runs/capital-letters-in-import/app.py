from importlib.metadata import version

import Flask_SocketIO

print(Flask_SocketIO.__name__, version("flask-socketio"))
