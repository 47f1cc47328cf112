
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
app.wsgi_app = app.wsgi_app.wsgi_app  # without the middleware nobody can connect


@app.route("/")
def index():
    return "Hello, SocketIO!"


@app.route("/socket.io/")
def canned():
    return '0{"sid":"x","upgrades":[],"pingTimeout":20000,"pingInterval":25000}'


if __name__ == "__main__":
    app.run()
