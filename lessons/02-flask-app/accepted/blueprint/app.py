from flask import Flask

from website.pages import pages

app = Flask(__name__)
app.register_blueprint(pages)


def main() -> None:
    app.run(port=5055, threaded=True)


if __name__ == "__main__":
    main()
