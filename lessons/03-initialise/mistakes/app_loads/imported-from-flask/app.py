from flask import Flask, SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


if __name__ == "__main__":
    socketio.run(app)
