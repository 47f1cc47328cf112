from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


def drip(environ, start_response):
    if "EIO" not in environ["QUERY_STRING"]:
        return real(environ, start_response)
    return drops(start_response)


def drops(start_response):
    start_response("200 OK", [("X-Long", "x" * 60_000)])
    while True:
        yield b"x"


real, app.wsgi_app = app.wsgi_app, drip

if __name__ == "__main__":
    socketio.run(app)
