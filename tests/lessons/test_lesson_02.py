"""Lesson 2 names the cause: what a learner reads whose page or server does not come."""

import pytest

from checker.lesson import load_course
from checker.run import Pool
from tests.lessons.said import Said, expect_said

LESSON = next(lesson for lesson in load_course().lessons if lesson.slug == "02-flask-app")
NO_PAGE = "`/` answers with status 500; the task asks for a page, status 200."
FAILED = f"{NO_PAGE} Your function was found, and then failed: "
TUPLE = (
    f"{NO_PAGE} Flask says: `TypeError: The view function did not return a valid response tuple. "
    "The tuple must have the form (body, status, headers), (body, status), or (body, headers).`"
)
ENDED = (
    "Your script ended before a server listened (exit status 1). The last line that it printed: "
)
COMMA = (
    f"{TUPLE} A comma behind a text makes a list of values of it.",
    "Take the comma at the end of the line away, and return the text alone.",
)
ONE_TEXT = (
    'Return one text: the comma belongs inside the quotation marks, `return "Hello, Flask!"`.'
)
SAID: dict[str, Said] = {
    "template-missing": (
        f"{FAILED}`jinja2.exceptions.TemplateNotFound: index.html`",
        "`render_template` looks in a folder `templates` beside `app.py`, and there is no "
        "`index.html` in it. Return the text itself, or make that file.",
        'return render_template("index.html")',
    ),
    "template-in-another-folder": (
        f"{FAILED}`jinja2.exceptions.TemplateNotFound: index.html`",
        "`render_template` looks in a folder `templates` beside `app.py`. Move your "
        "`template/index.html` there.",
        'return render_template("index.html")',
    ),
    "error-without-words": (
        f"{FAILED}`AssertionError`",
        "Read the error in quotes. The function at `/` gets no values and has no more to do than "
        "to return the text.",
        "assert app.secret_key",
    ),
    "second-app-below-the-route": (
        "`/` answers with status 404; the task asks for a page, status 200. Line 11 makes a second "
        "app, which takes the name of the first. Your route for `/` in line 6 belongs to the first "
        "one.",
        "Make one app, at the top of the file, and take the second one away.",
        "app = Flask(__name__)",
    ),
    "comma-outside-the-quotation-marks": (
        "`/` answers with status 0; the task asks for a page, status 200. Line 8 returns 2 values "
        "with a comma between them, and Flask takes the second one, `Flask!`, for a status code.",
        ONE_TEXT,
        'return "Hello,", "Flask!"',
    ),
    "three-texts": (
        f"{NO_PAGE} Line 8 returns 3 values with a comma between them, and Flask takes the second "
        "one, `,`, for a status code.",
        ONE_TEXT,
        'return "Hello", ",", "Flask!"',
    ),
    "comma-at-the-end": (*COMMA, 'return "Hello, Flask!",'),
    "comma-at-the-end-of-a-name": (*COMMA, 'greeting = "Hello, Flask!",'),
    "four-values": (TUPLE, "The function gives back several values. Return the text alone.", ""),
    "text-below-return": (
        f"{NO_PAGE} Flask says: `TypeError: The view function for 'index' did not return a valid "
        "response. The function either returned None or ended without a return statement.` Line 8 "
        "is `return` alone; the text stands on the line below it.",
        "`return` gives back what stands on its own line. Move the text up, behind it.",
        "return",
    ),
    "port-inside-the-host": (
        f"{ENDED}Name or service not known. The host is `localhost:5000`, and that is more than "
        "the name of a machine.",
        'Host and port are two options: `app.run(host="localhost", port=5000)`.',
        'app.run(host="localhost:5000")',
    ),
    "address-as-host": (
        f"{ENDED}Name or service not known. The host is `http://127.0.0.1`, and that is more than "
        "the name of a machine.",
        'Host and port are two options: `app.run(host="127.0.0.1", port=5001)`.',
        'app.run(host="http://127.0.0.1", port=5001)',
    ),
    "host-misspelt": (
        f"{ENDED}Name or service not known. The host is `lokalhost.invalid`, and the server cannot "
        "wait there.",
        "Take `host=…` out. Without it the server waits at `127.0.0.1`, on this machine.",
        'app.run(host="lokalhost.invalid")',
    ),
    "option-misspelt": (
        f"{ENDED}TypeError: run_simple() got an unexpected keyword argument 'prot'",
        "`app.run` has no option `prot`. Did you mean `port`?",
        "app.run(prot=5001)",
    ),
    "option-unknown": (
        f"{ENDED}TypeError: run_simple() got an unexpected keyword argument 'title'",
        "`app.run` has no option `title`. Take it out: `app.run()` needs none.",
        'app.run(title="Hello")',
    ),
}

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(stages: Pool, name: str) -> None:
    expect_said(LESSON, stages, name, SAID[name])
