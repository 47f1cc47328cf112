from flask import Flask

app = Flask(__name__)
visits = []


@app.route("/")
def index():
    visits.append("")
    return "Hello, Flask!" if len(visits) == 1 else "Go away."


if __name__ == "__main__":
    app.run()
