from importlib.metadata import version

import flasksocketio

print(flasksocketio.__name__, version("flask-socketio"))
