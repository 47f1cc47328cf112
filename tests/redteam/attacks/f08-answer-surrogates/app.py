import json
import os
import socket
import time


def channel():
    """The highest socket: the one on which the judge asks."""
    for number in range(255, 2, -1):
        try:
            found = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        if found.family == socket.AF_UNIX:
            return found
    raise SystemExit("no channel")


LOADED = {"async_mode": "threading", "flask_count": 1, "socketio_count": 1, "bound": True,
          "events": [["/", "message"]], "routes": ["/"], "served": None}
channel().sendall(b'{"raised": {"type": "\\ud800", "text": "\\udcff \\u0000", "frames": [{"file": "\\ud800", "line": NaN}]}}\\n')
time.sleep(0.2)
os._exit(0)
