"""Prints which version of a package is installed."""

from importlib.metadata import version

import flask

# Task 2: import flask_socketio,
# and print its name and version in place of Flask's.
print(flask.__name__, version("flask"))
