from flask import Flask, render_template, request
from flask_socketio import Namespace, SocketIO, emit

app = Flask(__name__)
sio = SocketIO(app, async_mode="threading")


class Poll(Namespace):
    def __init__(self):
        super().__init__("/")
        self.votes = {option: 0 for option in ("red", "green", "blue")}

    def on_connect(self, auth=None):
        emit("poll", self.shown())

    def shown(self):
        options = sorted(self.votes)
        return {"question": "Which colour?", "options": options, "votes": self.votes}

    def on_vote(self, option=None, *rest):
        if option in list(self.votes):
            self.votes[option] += 1
            sio.emit("results", {"votes": self.votes})
        else:
            self.refuse(f"{option!r} is no option.")

    def refuse(self, reason):
        self.emit("refused", {"reason": reason}, room=request.sid)


sio.on_namespace(Poll())


@app.route("/")
def index():
    return render_template("index.html")


if __name__ == "__main__":
    sio.run(app)
