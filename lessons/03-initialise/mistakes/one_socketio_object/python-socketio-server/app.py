import socketio
from flask import Flask

app = Flask(__name__)
sio = socketio.Server(async_mode="threading")
app.wsgi_app = socketio.WSGIApp(sio, app.wsgi_app)


@app.route("/")
def index():
    return "Hello, SocketIO!"


if __name__ == "__main__":
    app.run()
