"""Serves the ``app.py`` of a folder on a port: ``python host.py FOLDER PORT``.

The app is what its own script makes; only the port is ours, and the reloader stays off.
"""

import os
import runpy
import sys

from flask_socketio import SocketIO


def main() -> None:
    """Run the script up to its end, then its server."""
    folder, port = sys.argv[1], int(sys.argv[2])
    os.chdir(folder)
    sys.path.insert(0, folder)
    made = runpy.run_path("app.py", run_name="app")
    socketio = next(value for value in made.values() if isinstance(value, SocketIO))
    socketio.run(made["app"], host="127.0.0.1", port=port, allow_unsafe_werkzeug=True)


if __name__ == "__main__":
    main()
