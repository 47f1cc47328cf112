from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")

question = "Tea or coffee?"
votes = {"tea": 0, "coffee": 0}
visitors = 0


@app.route("/")
def index():
    return render_template("index.html")


@app.route("/teacher")
def teacher():
    return render_template("teacher.html")


@socketio.on("connect")
def handle_connect():
    global visitors
    visitors += 1
    emit("visitors", {"count": visitors}, broadcast=True)
    emit("poll", {"question": question, "options": list(votes), "votes": votes})


@socketio.on("vote")
def handle_vote(option):
    if not isinstance(option, str) or option not in votes:
        emit("refused", {"reason": "There is no such option."})
        return
    votes[option] += 1
    emit("results", {"votes": votes}, broadcast=True)


if __name__ == "__main__":
    socketio.run(app)
