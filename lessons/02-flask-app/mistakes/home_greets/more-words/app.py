from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "<h1>Hello, Flask!</h1><p>Welcome to my page.</p>"


if __name__ == "__main__":
    app.run()
