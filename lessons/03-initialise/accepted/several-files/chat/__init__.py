from flask import Flask

from .extensions import socketio
from .pages import pages

__all__ = ["create_app", "socketio"]


def create_app():
    app = Flask(__name__)
    app.register_blueprint(pages)
    socketio.init_app(app)
    return app
