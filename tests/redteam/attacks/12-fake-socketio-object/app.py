from flask import Flask
from flask_socketio import SocketIO, emit

class Client:
    """Answers by itself; no handler is ever called."""

    eio_sid = "sid"

    def __init__(self, *_, **__):
        self.queue = []

    def is_connected(self, namespace=None):
        return True

    def emit(self, event, *data, namespace=None, callback=False):
        if event == "message":
            print("Received:", data[0])
            item = {"name": "response", "args": [{"data": "Message received!"}], "namespace": "/"}
            self.queue.append(item)

    def get_received(self, namespace=None):
        taken, self.queue = self.queue, []
        return taken

    def disconnect(self, namespace=None):
        pass


class Mine(SocketIO):
    """Claims to be the real one."""

    def test_client(self, *_, **__):
        return Client()


app = Flask(__name__)
socketio = Mine(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"




if __name__ == "__main__":
    socketio.run(app)
