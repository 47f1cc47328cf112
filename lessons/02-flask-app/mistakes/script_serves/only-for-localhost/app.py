from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def index():
    if request.host == "localhost":
        return "Hello, Flask!"
    return "Hello, stranger!"


if __name__ == "__main__":
    app.run()
