from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    assert app.secret_key
    return "Hello, Flask!"


if __name__ == "__main__":
    app.run()
