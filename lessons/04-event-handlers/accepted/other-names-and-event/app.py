import flask_socketio as fs
from flask import Flask

application = Flask(__name__)
sio = fs.SocketIO(application)


@sio.event
def message(text):
    print(f"Received: {text}")
    fs.emit("response", dict(data="Message received!"))


if __name__ == "__main__":
    sio.run(application, port=8000)
