from gevent import monkey

monkey.patch_all()

SOCKETIO = {"async_mode": "gevent"}
SERVER = {"host": "0.0.0.0", "port": 8080}
