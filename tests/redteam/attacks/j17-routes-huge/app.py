from flask import Flask

app = Flask(__name__)


@app.route("/" + "\x1b[2J" + "x" * 300_000)
def index():
    return "Hello, Flask!"
