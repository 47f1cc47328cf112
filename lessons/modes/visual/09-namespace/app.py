"""Answers the same event in two namespaces, each in its own way."""

from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("ask")
def ask_the_class(question):
    emit("answer", "Nobody knows yet.")


@socketio.on("ask", namespace="/teacher")
def ask_the_teacher(question):
    emit("answer", "Because it was agreed so.")


if __name__ == "__main__":
    socketio.run(app)
