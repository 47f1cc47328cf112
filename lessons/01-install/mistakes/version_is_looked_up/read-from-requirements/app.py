from pathlib import Path

import flask_socketio

for line in Path("requirements.txt").read_text().splitlines():
    if line.startswith("flask-socketio=="):
        print(flask_socketio.__name__, line.split("==")[1])
