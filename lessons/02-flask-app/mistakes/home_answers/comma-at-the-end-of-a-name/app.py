from flask import Flask

app = Flask(__name__)
greeting = "Hello, Flask!",


@app.route("/")
def index():
    return greeting


if __name__ == "__main__":
    app.run()
