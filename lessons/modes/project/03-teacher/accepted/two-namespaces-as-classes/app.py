import hmac

from flask import Flask, request
from flask_socketio import Namespace, SocketIO, emit, join_room, leave_room

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


class Poll:
    def __init__(self, question="Yes or no?", options=("yes", "no")):
        self.question = question
        self.votes = {option: 0 for option in options}
        self.closed = False

    def __call__(self):
        return {"question": self.question, "options": [*self.votes], "votes": self.votes}


class Students(Namespace):
    polls, seats = {}, {}

    def on_join(self, data):
        before = self.seats.pop(request.sid, None)
        if before:
            leave_room(before)
        self.seats[request.sid] = room = "r:" + data["room"]
        join_room(room)
        emit("poll", self.polls.setdefault(room, Poll())())

    def on_vote(self, option):
        room = self.seats.get(request.sid)
        poll = self.polls.get(room)
        if poll is None or poll.closed or option not in [*poll.votes]:
            emit("refused", {"reason": "Not now."})
            return
        poll.votes[option] += 1
        emit("results", {"votes": poll.votes}, to=room)


class Teacher(Namespace):
    def on_connect(self, auth):
        if not hmac.compare_digest(str((auth or {}).get("key")), "chalk"):
            return False

    def on_ask(self, data):
        room = "r:" + data["room"]
        students.polls[room] = poll = Poll(data["question"], data["options"])
        students.emit("poll", poll(), room=room)
        return "asked"

    def on_close(self, data):
        room = "r:" + data["room"]
        poll = students.polls[room]
        poll.closed = True
        students.emit("closed", {"votes": poll.votes}, room=room)


students = Students("/")
socketio.on_namespace(students)
socketio.on_namespace(Teacher("/teacher"))

if __name__ == "__main__":
    socketio.run(app)
