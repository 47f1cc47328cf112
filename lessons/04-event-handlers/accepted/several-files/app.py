from extensions import app, socketio

import handlers  # noqa: F401
import pages  # noqa: F401

if __name__ == "__main__":
    socketio.run(app)
