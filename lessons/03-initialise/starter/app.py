from flask import Flask

# Task 1: import SocketIO from flask_socketio.

app = Flask(__name__)

# Task 1: make one SocketIO object for this app,
# and keep it under a name.


@app.route("/")
def index():
    # Task 2: greet with the new text.
    return "Hello, Flask!"


if __name__ == "__main__":
    # Task 3: let the SocketIO object start the app.
    app.run()
