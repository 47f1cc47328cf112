from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


if __name__ == "__main__":
    socketio.run(
        app,
        "0.0.0.0",
        port=5001,
        debug=True,
        use_reloader=False,
        log_output=True,
        allow_unsafe_werkzeug=True,
        load_dotenv=False,
        use_debugger=False,
        ssl_context=None,
    )
