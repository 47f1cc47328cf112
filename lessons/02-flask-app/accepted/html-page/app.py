from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return """
        <!doctype html>
        <html lang="en">
          <head>
            <title>My first page</title>
            <style>h1 { color: teal; }</style>
          </head>
          <body>
            <!-- the greeting -->
            <h1>Hello, <em>Flask</em>!</h1>
            <script>console.log("a note for me");</script>
          </body>
        </html>
    """


if __name__ == "__main__":
    app.run(debug=True)
