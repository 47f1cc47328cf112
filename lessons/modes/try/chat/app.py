from flask import Flask, render_template, request
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
names = {}


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("connect")
def handle_connect():
    names[request.sid] = f"Guest {len(names) + 1}"
    emit("welcome", {"name": names[request.sid]})
    emit("said", {"name": names[request.sid], "text": "is here"}, broadcast=True)


@socketio.on("say")
def handle_say(text):
    emit("said", {"name": names[request.sid], "text": text}, broadcast=True)
    return "sent"


@socketio.on("disconnect")
def handle_disconnect():
    name = names.pop(request.sid, "Somebody")
    emit("said", {"name": name, "text": "has left"}, broadcast=True)


if __name__ == "__main__":
    socketio.run(app, debug=True)
