"""A route that the script does not reach before the server starts."""

import pytest

from checker.routes import route_below_start
from checker.source import Source

APP = b"""from flask import Flask
app = Flask(__name__)
@app.route("/about")
def about(): return "a"
app.run()
@app.route("/late")
def late(): return "b"
@app.route("/")
def home(): return "c"
"""


@pytest.mark.parametrize(
    ("path", "served", "line"),
    [
        ("/", {"line": 5}, 8),
        ("/late", {"line": 5}, 6),
        ("/about", {"line": 5}, None),
        ("/", {"line": 9}, None),
        ("/", {"line": None}, None),
        ("/", None, None),
    ],
)
def test_a_route_below_the_start(
    path: str, served: dict[str, object] | None, line: int | None
) -> None:
    assert route_below_start(Source({"app.py": APP}), served, path) == line


def test_lines_of_other_files_are_others() -> None:
    source = Source({"app.py": b"import pages", "pages.py": APP})
    assert route_below_start(source, {"line": 5}) is None
