from classroom import Classroom
from flask import Flask, request
from flask_socketio import Namespace, SocketIO, emit, join_room, leave_room

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
classes = {}


class Poll(Namespace):
    seats = {}

    def on_join(self, data):
        name = data["room"]
        here = classes.setdefault(name, Classroom(name))
        before = self.seats.get(request.sid)
        if before:
            leave_room(before.name)
        self.seats[request.sid] = here
        join_room(name)
        emit("poll", here.poll)

    def on_vote(self, option=None):
        here = self.seats.get(request.sid)
        if here is None:
            emit("refused", {"reason": "Please join a room."})
        elif not here.takes(option):
            emit("refused", {"reason": "Please choose one of the options."})
        else:
            emit("results", here.count(option), room=here.name)

    def on_disconnect(self, reason=None):
        self.seats.pop(request.sid, None)


socketio.on_namespace(Poll("/"))

if __name__ == "__main__":
    socketio.run(app)
