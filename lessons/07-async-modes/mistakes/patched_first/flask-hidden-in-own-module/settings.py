import os

from flask import json

SECRET = json.loads(os.environ.get("SECRET", "\"practice\""))
