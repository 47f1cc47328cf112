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


class Server:
    handlers = {"/": {"message": None}}
    namespace_handlers = {}

    def _send_packet(self, *_):
        pass

    _send_eio_packet = _send_packet


class SocketIO:
    """Looks like the library's, and does nothing."""

    async_mode = "threading"

    def __init__(self, app, **_):
        self.server = Server()
        app.extensions["socketio"] = self

    def run(self, *_, **__):
        pass

    def sleep(self, seconds):
        pass

    def test_client(self, *_, **__):
        return Client()


SocketIOTestClient = Client
