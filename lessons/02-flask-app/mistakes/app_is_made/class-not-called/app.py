from flask import Flask

app = Flask


def index():
    return "Hello, Flask!"
