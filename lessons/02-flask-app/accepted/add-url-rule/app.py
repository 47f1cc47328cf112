from flask import Flask, make_response

app = Flask(__name__)


def index():
    response = make_response("  Hello, Flask!  ", 200)
    response.headers["X-Greeting"] = "yes"
    return response


app.add_url_rule("/", view_func=index)

if __name__ == "__main__":
    app.run()
