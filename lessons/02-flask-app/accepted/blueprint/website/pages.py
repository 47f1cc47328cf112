from flask import Blueprint, Response

pages = Blueprint("pages", __name__)


@pages.route("/")
def home():
    return Response("Hello, Flask!\n", mimetype="text/plain")


@pages.route("/about")
def about():
    return "A site with one greeting."
