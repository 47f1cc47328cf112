from flask import Flask
from werkzeug.serving import run_simple

app = Flask(__name__)


@app.route("/")
def index():
    return "Hello, Flask!"


def everywhere(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Hello, Flask!"]


if __name__ == "__main__":
    run_simple("127.0.0.1", 5000, everywhere)
