from collections import Counter

from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room, leave_room

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
asked, chosen, seats, closed = {}, {}, {}, set()


def options_of(room):
    return asked.get(room, ("Cats or dogs?", ["cats", "dogs"]))[1]


def votes(room):
    counts = Counter(chosen.get(room, {}).values())
    return {option: counts[option] for option in options_of(room)}


def poll(room, student=None):
    question, options = asked.get(room, ("Cats or dogs?", ["cats", "dogs"]))
    mine = chosen.get(room, {}).get(student)
    return {"question": question, "options": options, "votes": votes(room), "mine": mine}


def present(room):
    count = len({student for _, (where, student) in list(seats.items()) if where == room})
    socketio.emit("present", {"count": count}, to="in " + room)


@socketio.on("join")
def join(data):
    gone()
    room, student = data["room"], data["student"]
    seats[request.sid] = room, student
    join_room("in " + room)
    present(room)
    emit("poll", poll(room, student))


@socketio.on("vote")
def vote(option):
    room, student = seats.get(request.sid, (None, None))
    if room is None or room in closed or option not in options_of(room):
        return emit("refused", {"reason": "No."})
    chosen.setdefault(room, {})[student] = option
    socketio.emit("results", {"votes": votes(room)}, to="in " + room)


@socketio.on("disconnect")
def gone(*reason):
    room, _ = seats.pop(request.sid, (None, None))
    if room is not None:
        leave_room("in " + room)
        present(room)


@socketio.on("connect", namespace="/teacher")
def door(auth):
    return (auth or {}).get("key") == "chalk"


@socketio.on("ask", namespace="/teacher")
def ask(data):
    room = data["room"]
    asked[room] = data["question"], data["options"]
    chosen.pop(room, None)
    closed.discard(room)
    socketio.emit("poll", poll(room), to="in " + room)


@socketio.on("close", namespace="/teacher")
def close(data):
    closed.add(data["room"])
    socketio.emit("closed", {"votes": votes(data["room"])}, to="in " + data["room"])


if __name__ == "__main__":
    socketio.run(app)
