from flask import Flask, request
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
app.wsgi_app = app.wsgi_app.wsgi_app


@app.route("/")
def index():
    return "Hello, SocketIO!"


@app.route("/socket.io/", methods=["GET", "POST"])
def canned():
    if request.method == "POST":
        return "ok"
    if "sid" in request.args:
        return '40{"sid":"y"}'
    return '0{"sid":"x","upgrades":[],"pingTimeout":20000,"pingInterval":25000}'


class Client:
    eio_sid = "x"

    def __init__(self, *_, **__):
        self.queue = []

    def is_connected(self, namespace=None):
        return True

    def disconnect(self, namespace=None):
        pass


SocketIO.test_client = Client

if __name__ == "__main__":
    app.run()
