from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


# Task 1: write the event handler for "message" here.
# It prints the text.
# Task 2: let it answer with the event "response", too.


if __name__ == "__main__":
    socketio.run(app)
