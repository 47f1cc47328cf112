import settings  # noqa: I001  (it patches, and must come first)
from app_factory import create_app, socketio

if __name__ == "__main__":
    socketio.run(create_app(), **settings.SERVER)
