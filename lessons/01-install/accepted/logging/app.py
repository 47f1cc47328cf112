import logging
from importlib.metadata import version

import flask_socketio

logging.basicConfig(level=logging.INFO)
logging.info("%s %s", flask_socketio.__name__, version("flask-socketio"))
