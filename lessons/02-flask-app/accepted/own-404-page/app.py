from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return {"text": "Hello, Flask!"}["text"]


@app.route("/visits/<int:number>")
def visit(number):
    return f"This is visit {number}."


@app.errorhandler(404)
def not_found(error):
    return "<h1>There is no such page.</h1>", 404


if __name__ == "__main__":
    app.run()
