from flask import Flask, request
from flask_socketio import ConnectionRefusedError, SocketIO, emit, join_room, leave_room, rooms

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
questions, counts, closed = {}, {}, set()


def poll(room):
    votes = counts.setdefault(room, {"1": 0, "2": 0})
    question = questions.setdefault(room, "One or two?")
    return {"question": question, "options": list(votes), "votes": votes, "open": room not in closed}


def my_room():
    mine = [room for room in rooms() if room.startswith("class-")]
    return mine[0] if mine else None


@socketio.on("join")
def join(data):
    if my_room():
        leave_room(my_room())
    join_room("class-" + data["room"])
    emit("poll", poll("class-" + data["room"]))


@socketio.on("vote")
def vote(option):
    room = my_room()
    if not room or room in closed or option not in poll(room)["options"]:
        emit("refused", {"reason": "This vote does not count."}, to=request.sid)
        return
    counts[room][option] += 1
    socketio.emit("results", {"votes": counts[room]}, to=room)


@socketio.on("connect", namespace="/teacher")
def check_key(auth=None):
    if not auth or auth.get("key") != "chalk":
        raise ConnectionRefusedError("This is the teacher's desk.")


@socketio.on("ask", namespace="/teacher")
def ask(data):
    room = "class-" + data["room"]
    closed.discard(room)
    questions[room] = data["question"]
    counts[room] = {option: 0 for option in data["options"]}
    socketio.emit("poll", poll(room), to=room)


@socketio.on("close", namespace="/teacher")
def close(data):
    closed.add("class-" + data["room"])
    votes = counts["class-" + data["room"]]
    socketio.emit("closed", {"votes": votes}, to="class-" + data["room"])


if __name__ == "__main__":
    socketio.run(app)
