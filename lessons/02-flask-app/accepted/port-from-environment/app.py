import os
import sys

from flask import Flask

app = Flask(__name__)


@app.route("/", methods=["GET", "POST"])
def index():
    return "Hello, Flask!"


def start(port):
    print(f"Open http://127.0.0.1:{port}")
    app.run("127.0.0.1", port)


if __name__ == "__main__":
    sys.exit(start(int(os.environ.get("PORT", "5087"))))
