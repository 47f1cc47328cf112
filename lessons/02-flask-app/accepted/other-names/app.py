import flask

application = flask.Flask("greeter")


@application.get("/")
def say_hello() -> str:
    return "Hello, Flask!"


if __name__ == "__main__":
    application.run(host="0.0.0.0", port=8080)
