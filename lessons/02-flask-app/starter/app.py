from flask import Flask

app = Flask(__name__)

# Task 1: answer at the address / with the text Hello, Flask!


# Task 2: start the server here,
# but only when this file is run as a script.
