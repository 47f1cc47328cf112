import socket

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "Hello, Flask!"


if __name__ == "__main__":
    # Is the port free?
    test = socket.socket()
    test.bind(("127.0.0.1", 5000))
    app.run(port=5000)
