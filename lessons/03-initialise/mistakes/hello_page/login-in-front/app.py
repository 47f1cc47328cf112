from flask import Flask, abort, session, request
from flask_socketio import SocketIO

app = Flask(__name__)
app.secret_key = "x"
socketio = SocketIO(app, async_mode="threading")


@app.before_request
def login():
    if "user" not in session:
        abort(401)


@app.route("/")
def index():
    return "Hello, SocketIO!"


if __name__ == "__main__":
    socketio.run(app)
