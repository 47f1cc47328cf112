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


def only_pages(serve):
    def answer(environ, start_response):
        if environ["PATH_INFO"] == "/":
            return serve(environ, start_response)
        start_response("403 FORBIDDEN", [("Content-Type", "text/plain")])
        return [b"Pages only."]

    return answer


app.wsgi_app = only_pages(app.wsgi_app)


if __name__ == "__main__":
    socketio.run(app, debug=True)
