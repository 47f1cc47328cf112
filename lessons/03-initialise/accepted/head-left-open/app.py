from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")

PAGE = """<!doctype html>
<html lang="en">
<head>
<title>My first Socket.IO app</title>
<body>
<h1>Hello, SocketIO!</h1>
"""


@app.route("/")
def index():
    return PAGE


if __name__ == "__main__":
    socketio.run(app)
