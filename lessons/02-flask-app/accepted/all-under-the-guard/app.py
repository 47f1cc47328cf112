from flask import Flask


def main():
    site = Flask(__name__)

    @site.route("/")
    def index():
        return "Hello, Flask!"

    site.run()


if __name__ == "__main__":
    main()
