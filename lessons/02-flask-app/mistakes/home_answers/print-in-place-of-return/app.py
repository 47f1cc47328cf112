from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    print("Hello, Flask!")


if __name__ == "__main__":
    app.run()
