"""Lesson 2: a Flask app greets at `/` and nowhere else, and starts only as a script."""

from checker import App, Failure, check, expect

from .failing import explain_error, explain_two_values
from .greeting import letters, words_of
from .missing import explain_not_found
from .starting import explain_options, explain_silence

GREETING = "Hello, Flask!"


@check(task=1)
def app_is_made(app: App) -> None:
    """`app.py` makes a Flask app."""
    expect(
        app.load().flask_count > 0,
        "No Flask app was found after `app.py` had run.",
        help="Make one with `app = Flask(__name__)`: the brackets after `Flask` call it.",
    )


@check(task=1, needs=app_is_made)
def home_answers(app: App) -> None:
    """The address `/` has a page."""
    status = app.get("/").status
    said = f"`/` answers with status {status}; the task asks for a page, status 200."
    if status == 404:
        explain_not_found(app, said)
    if status == 500:
        explain_error(app, said)
    expect(
        status != 405,
        f"{said} 405 means that the page is there, but not for a browser that wants to look at it.",
        help="Take `methods=…` out of the route. Without it the route answers a browser's GET.",
        line=app.source.line_of("methods"),
    )
    if status == 0:
        explain_two_values(app, said)
    expect(
        status == 200,
        said,
        help="Let the function at `/` return the text itself, and no status.",
    )


@check(task=1, points=2, needs=home_answers)
def home_greets(app: App) -> None:
    """`/` says `Hello, Flask!` and nothing else."""
    response = app.get("/")
    words = words_of(response.text, response.headers)
    if words == GREETING:
        return
    said = f"`/` says `{words[:100]}`. The task asks for `{GREETING}`."
    line = app.source.line_of(words) if words else None
    expect(
        words != "",
        f"There is nothing to read at `/`. The task asks for `{GREETING}`.",
        help="Give the text back with `return`, in quotes.",
    )
    expect(
        words.lower() != GREETING.lower(),
        said,
        help="The letters are right. Look at which of them are capital letters.",
        line=line,
    )
    expect(
        letters(words).lower() != letters(GREETING).lower(),
        said,
        help="The two words are right. Look at what stands between and around them: one comma, "
        "one space, one exclamation mark, no quotation marks.",
        line=line,
    )
    expect(
        GREETING not in words,
        said,
        help="The greeting is there. Take away the words around it.",
        line=app.source.line_of(GREETING),
    )
    raise Failure(
        said,
        help="What the function returns is what visitors read. Return the text from the task.",
        line=line,
        expected=GREETING,
        observed=words[:300],
    )


@check(task=1, needs=home_answers)
def other_addresses_are_not_found(app: App) -> None:
    """An address without a route is not found (status 404)."""
    own = app.source.calls("errorhandler") + app.source.calls("register_error_handler")
    for path in ("/" + app.nonce(), f"/{app.nonce()}/{app.nonce()}"):
        status = app.get(path).status
        said = f"`{path}` answers with status {status}. Nobody made a route for it, so it is 404."
        expect(
            status == 404 or not own,
            said,
            help="Your own answer for pages that are not found needs the number too: return the "
            "text and the number, `return text, 404`.",
            line=own[0].line if own else None,
        )
        expect(
            status == 404,
            said,
            help="Something answers at every address. A route such as `/<name>` or `/<path:name>` "
            "does that; the home page needs the route `/` alone.",
        )


@check(task=2, points=2, needs=app_is_made)
def script_serves(app: App) -> None:
    """`python app.py` starts a server that greets visitors."""
    try:
        server = app.serve()
        responses = [server.get("/") for _ in range(3)]
    except Failure as failure:
        if failure.outcome == "failed":
            explain_silence(app, failure.message)
        if failure.outcome == "crashed":
            explain_options(app, failure.message)
        raise
    for response in responses:
        words = words_of(response.text, response.headers)
        expect(
            response.status == 200 and words == GREETING,
            f"The server runs, and answers at `/` with status {response.status}: `{words[:100]}`.",
            help="The page must be the same for everybody who asks the server. Look for a "
            "condition in your function, or for one around it.",
            expected=GREETING,
            observed=words[:300],
        )
    other = server.get(f"/{app.nonce()}")
    expect(
        other.status == 404,
        "The server that your script starts has a page at every address, even where your app "
        f"has none (status {other.status}).",
        help="Start your Flask app itself under the guard: `app.run()`.",
        line=next((call.line for call in app.source.calls("run_simple")), None),
    )


@check(task=2, needs=script_serves)
def import_starts_nothing(app: App) -> None:
    """Importing `app.py` starts no server."""
    app.load()
    runs = app.source.calls("run")
    expect(
        not app.ran_server_on_import,
        "Importing `app.py` starts the server. The task asks for that only when it runs as a "
        "script.",
        help='Put the line that starts the server under `if __name__ == "__main__":`, indented.',
        line=runs[-1].line if runs else None,
    )
