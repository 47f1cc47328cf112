import os

from flask import Flask, render_template, request
from flask_socketio import SocketIO, emit, join_room, leave_room

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")

TEACHER_KEY = os.environ.get("TEACHER_KEY", "chalk")

polls = {}
seats = {}


@app.route("/")
def index():
    return render_template("index.html")


@app.route("/teacher")
def teacher():
    return render_template("teacher.html")


def new_poll(question, options):
    return {"question": question, "votes": dict.fromkeys(options, 0), "open": True}


def poll_of(room):
    if room not in polls:
        polls[room] = new_poll("Tea or coffee?", ["tea", "coffee"])
    return polls[room]


def shown(room):
    poll = poll_of(room)
    return {
        "question": poll["question"],
        "options": list(poll["votes"]),
        "votes": poll["votes"],
    }


def refuse(reason):
    emit("refused", {"reason": reason})


@socketio.on("join")
def handle_join(data):
    if request.sid in seats:
        leave_room(f"class {seats[request.sid]}")
    room = str(data["room"])
    seats[request.sid] = room
    join_room(f"class {room}")
    emit("poll", shown(room))
    emit("joined", {"visitors": list(seats.values()).count(room)}, to=f"class {room}")


@socketio.on("vote")
def handle_vote(option):
    room = seats.get(request.sid)
    if room is None:
        return refuse("Join a room first.")
    poll = poll_of(room)
    if not poll["open"]:
        return refuse("The poll is closed.")
    votes = poll["votes"]
    if not isinstance(option, str) or option not in votes:
        return refuse("There is no such option.")
    votes[option] += 1
    emit("results", {"votes": votes}, to=f"class {room}")


@socketio.on("disconnect")
def handle_disconnect(reason):
    seats.pop(request.sid, None)


@socketio.on("connect", namespace="/teacher")
def handle_teacher(auth):
    return isinstance(auth, dict) and auth.get("key") == TEACHER_KEY


@socketio.on("ask", namespace="/teacher")
def handle_ask(data):
    room = str(data["room"])
    polls[room] = new_poll(data["question"], data["options"])
    emit("poll", shown(room), to=f"class {room}", namespace="/")


@socketio.on("close", namespace="/teacher")
def handle_close(data):
    room = str(data["room"])
    poll = poll_of(room)
    poll["open"] = False
    emit("closed", {"votes": poll["votes"]}, to=f"class {room}", namespace="/")


if __name__ == "__main__":
    socketio.run(app)
