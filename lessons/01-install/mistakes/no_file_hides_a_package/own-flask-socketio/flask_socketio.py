"""Notes about Flask-SocketIO."""

version = "5.7.0"
