from counting import Count
from flask import Flask, request
from flask_socketio import SocketIO

socketio = SocketIO()


def create_app():
    app = Flask(__name__)
    socketio.init_app(app, async_mode="threading")
    return app


count = Count("yes", "no")


@socketio.event
def connect(auth):
    poll = {"question": "Is it clear?", "options": count.options, "votes": count.votes}
    socketio.emit("poll", poll, to=request.sid)


@socketio.event
def vote(option):
    if option not in count.options:
        socketio.emit("refused", {"reason": "Choose yes or no."}, to=request.sid)
        return
    count.add(option)
    socketio.emit("results", {"votes": count.votes})


if __name__ == "__main__":
    socketio.run(create_app())
