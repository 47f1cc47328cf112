from flask import Flask, redirect, url_for
from flask_socketio import SocketIO as Live

app = Flask(__name__)
app.config["SECRET_KEY"] = "a secret"
live = Live(app, async_mode="threading", cors_allowed_origins=["http://localhost:3000"], max_http_buffer_size=10_000)


@app.route("/")
def index():
    return """<!doctype html>
<title>Hello</title>
<p>
  Hello,
  SocketIO&#33;
</p>"""


@app.route("/about")
def about():
    return {"about": "a first app with connections"}


@app.route("/home")
def home():
    return redirect(url_for("index"))


@app.route("/greet/<name>")
def greet(name):
    return f"Hello, {name}!"


@app.post("/notes")
def add_note():
    return "", 204


if __name__ == "__main__":
    live.run(app, port=5050)
