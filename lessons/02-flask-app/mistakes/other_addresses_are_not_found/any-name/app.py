from flask import Flask

app = Flask(__name__)


@app.route("/")
@app.route("/<name>")
def index(name="Flask"):
    return f"Hello, {name}!"


if __name__ == "__main__":
    app.run()
