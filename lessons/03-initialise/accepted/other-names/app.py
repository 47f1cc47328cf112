import flask
import flask_socketio

application = flask.Flask(__name__)
sio = flask_socketio.SocketIO(application)


@application.get("/")
def home():
    return "Hello, SocketIO!"


if __name__ == "__main__":
    sio.run(application, host="0.0.0.0", port=8080, debug=True)
