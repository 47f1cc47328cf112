from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "Hello, Flask!"


@app.errorhandler(404)
def nothing_here(error):
    return "There is nothing here."


if __name__ == "__main__":
    app.run()
