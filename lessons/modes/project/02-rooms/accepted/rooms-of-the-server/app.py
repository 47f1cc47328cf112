from collections import defaultdict

from flask import Flask, request, session
from flask_socketio import SocketIO, join_room, leave_room

app = Flask(__name__)
app.config["SECRET_KEY"] = "for the session"
socketio = SocketIO(app, async_mode="threading")

OPTIONS = ["a", "b", "c"]
counts = defaultdict(lambda: dict.fromkeys(OPTIONS, 0))


@socketio.on("join")
def join(data):
    if "room" in session:
        leave_room(session["room"])
    room = session["room"] = "room-" + data["room"]
    join_room(room)
    poll = {"question": "Which letter?", "options": OPTIONS, "votes": counts[room]}
    socketio.emit("poll", poll, to=request.sid)


@socketio.on("vote")
def vote(option):
    room = session.get("room")
    if room is None or option not in OPTIONS:
        socketio.emit("refused", {"reason": "That cannot be counted."}, to=request.sid)
    else:
        counts[room][option] += 1
        socketio.emit("results", {"votes": counts[room]}, to=room)


if __name__ == "__main__":
    socketio.run(app)
