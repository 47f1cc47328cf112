from flask import Flask


def create_app(config=None):
    app = Flask(__name__)
    app.config.update(config or {})

    @app.route("/")
    def index():
        return "Hello, Flask!"

    return app


if __name__ == "__main__":
    create_app().run()
