from dataclasses import dataclass, field

from flask import Flask, request
from flask_socketio import Namespace, SocketIO, emit, join_room, leave_room

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@dataclass
class Student:
    tabs: set = field(default_factory=set)
    choice: str | None = None


@dataclass
class Room:
    name: str
    question: str = "Up or down?"
    options: list = field(default_factory=lambda: ["up", "down"])
    closed: bool = False
    students: dict = field(default_factory=dict)

    @property
    def votes(self):
        choices = [student.choice for student in list(self.students.values())]
        return {option: choices.count(option) for option in self.options}

    @property
    def present(self):
        return sum(bool(student.tabs) for student in list(self.students.values()))

    def poll(self, mine=None):
        return {
            "question": self.question,
            "options": self.options,
            "votes": self.votes,
            "mine": mine,
        }


class Students(Namespace):
    def __init__(self):
        super().__init__("/")
        self.rooms, self.seats = {}, {}

    def on_join(self, data):
        self.on_disconnect()
        room = self.rooms.setdefault(data["room"], Room(data["room"]))
        student = room.students.setdefault(data["student"], Student())
        student.tabs.add(request.sid)
        self.seats[request.sid] = room, student
        join_room(room.name)
        emit("poll", room.poll(student.choice))
        emit("present", {"count": room.present}, to=room.name)

    def on_vote(self, option):
        if request.sid not in self.seats:
            emit("refused", {"reason": "Join first."})
            return
        room, student = self.seats[request.sid]
        if room.closed or option not in room.options:
            emit("refused", {"reason": "That cannot be chosen now."})
            return
        student.choice = option
        emit("results", {"votes": room.votes}, to=room.name)

    def on_disconnect(self, reason=None):
        room, student = self.seats.pop(request.sid, (None, None))
        if room:
            student.tabs.discard(request.sid)
            leave_room(room.name)
            self.emit("present", {"count": room.present}, room=room.name)


class Teacher(Namespace):
    def on_connect(self, auth):
        if not isinstance(auth, dict) or auth.get("key") != "chalk":
            return False

    def on_ask(self, data):
        room = students.rooms.setdefault(data["room"], Room(data["room"]))
        room.question, room.options = data["question"], data["options"]
        room.closed = False
        for student in list(room.students.values()):
            student.choice = None
        students.emit("poll", room.poll(), room=room.name)

    def on_close(self, data):
        room = students.rooms.setdefault(data["room"], Room(data["room"]))
        room.closed = True
        students.emit("closed", {"votes": room.votes}, room=room.name)


students = Students()
socketio.on_namespace(students)
socketio.on_namespace(Teacher("/teacher"))

if __name__ == "__main__":
    socketio.run(app)
