from flask import Flask, redirect
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading", transports=["websocket"])


@app.route("/")
def index():
    return redirect("/hello")


@app.route("/hello")
def hello():
    return "<main><p>Hello, SocketIO! Good to see you.</p></main>"


if __name__ == "__main__":
    socketio.run(app)
