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
    return {"question": question, "options": options, "choices": {}, "open": True}


def poll_of(room):
    if room not in polls:
        polls[room] = new_poll("Tea or coffee?", ["tea", "coffee"])
    return polls[room]


def votes_in(room):
    votes = dict.fromkeys(poll_of(room)["options"], 0)
    for option in list(poll_of(room)["choices"].values()):
        votes[option] += 1
    return votes


def shown(room):
    poll = poll_of(room)
    return {
        "question": poll["question"],
        "options": poll["options"],
        "votes": votes_in(room),
    }


def refuse(reason):
    emit("refused", {"reason": reason})


def leave():
    if request.sid in seats:
        room, _ = seats.pop(request.sid)
        leave_room(f"class {room}")
        tell_present(room)


def tell_present(room):
    here = {student for other, student in list(seats.values()) if other == room}
    emit("present", {"count": len(here)}, to=f"class {room}")


@socketio.on("join")
def handle_join(data):
    leave()
    room, student = str(data["room"]), str(data["student"])
    for sid, seat in list(seats.items()):
        if seat == (room, student):
            seats.pop(sid)
            leave_room(f"class {room}", sid=sid)
    seats[request.sid] = (room, student)
    join_room(f"class {room}")
    emit("poll", {**shown(room), "mine": poll_of(room)["choices"].get(student)})
    tell_present(room)


@socketio.on("vote")
def handle_vote(option):
    if request.sid not in seats:
        return refuse("Join a room first.")
    room, student = seats[request.sid]
    poll = poll_of(room)
    if not poll["open"]:
        return refuse("The poll is closed.")
    if option not in poll["options"]:
        return refuse("There is no such option.")
    poll["choices"][student] = option
    emit("results", {"votes": votes_in(room)}, to=f"class {room}")


@socketio.on("disconnect")
def handle_disconnect(reason):
    leave()


@socketio.on("connect", namespace="/teacher")
def handle_teacher(auth):
    return isinstance(auth, dict) and auth.get("key") == TEACHER_KEY


@socketio.on("ask", namespace="/teacher")
def handle_ask(data):
    room = str(data["room"])
    polls[room] = new_poll(data["question"], data["options"])
    emit("poll", {**shown(room), "mine": None}, to=f"class {room}", namespace="/")


@socketio.on("close", namespace="/teacher")
def handle_close(data):
    room = str(data["room"])
    poll_of(room)["open"] = False
    emit("closed", {"votes": votes_in(room)}, to=f"class {room}", namespace="/")


if __name__ == "__main__":
    socketio.run(app)
