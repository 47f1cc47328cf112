"""Lesson 2: a Flask app greets at `/` and nowhere else, and starts only as a script."""

import ast
import re
from collections.abc import Mapping
from html.parser import HTMLParser

from checker import App, Failure, check, constant, expect

GREETING = "Hello, Flask!"
UNSEEN = {"title", "script", "style", "template", "noscript"}
# Tags that stand inside a sentence; every other tag ends a line.
INLINE = {"a", "abbr", "b", "code", "em", "font", "i", "mark", "q", "s", "small", "span"}
INLINE |= {"strong", "sub", "sup", "u", "wbr"}
MOST = 50_000  # characters of a page that are read


class _Reader(HTMLParser):
    """Collects what a visitor reads: no tags, no title, no script, no style."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append("" if tag in INLINE else " ")
        if tag in UNSEEN:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append("" if tag in INLINE else " ")
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.parts.append(data)


def _words(text: str, headers: Mapping[str, str]) -> str:
    """What a visitor reads in a response, with every blank space made one space."""
    kind = next((v for k, v in headers.items() if k.lower() == "content-type"), "text/html")
    if "html" in kind:
        reader = _Reader()
        reader.feed(text[:MOST])
        reader.close()
        text = "".join(reader.parts)
    return " ".join(text.split())


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


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
        _explain_not_found(app, said)
    if status == 500:
        _explain_error(app, said)
    expect(
        status != 405,
        f"{said} 405 means that the page is there, but not for a browser that wants to look at it.",
        help="Take `methods=…` out of the route. Without it the route answers a browser's GET.",
        line=app.source.line_of("methods"),
    )
    expect(
        status == 200,
        said,
        help="Let the function at `/` return the text itself, and no status.",
    )


def _explain_not_found(app: App, said: str) -> None:
    below = _route_below_run(app)
    expect(
        below is None,
        f"{said} Its route stands below the line that starts the server.",
        help="That line does not come back while the server runs, so what follows is not read. "
        "Move the route above it, and start the server at the end of the file.",
        line=below,
    )
    routes = [rule for rule in app.load().routes if not rule.startswith("/static/")]
    expect(
        not routes,
        f"{said} Your app has routes for: {', '.join(routes)}.",
        help='Make a route for the home page: its address is a slash alone, `@app.route("/")`.',
        line=app.source.line_of("route("),
    )
    raise Failure(
        f"{said} Your app has no route at all.",
        help='Write `@app.route("/")` on the line above your function: the `@` in front, and the '
        "address in brackets behind.",
    )


def _explain_error(app: App, said: str) -> None:
    error = (re.findall(r"^[A-Za-z_.]+: .+", app.output, re.MULTILINE) or [""])[-1][:300]
    expect(
        "did not return a valid response" not in error,
        f"{said} Flask says: `{error}`",
        help="A visitor gets what the function returns. Give the text back with `return`; what "
        "`print` writes stays in the terminal.",
        line=app.source.line_of("print("),
    )
    raise Failure(
        f"{said} Your function was found, and then failed: `{error}`",
        help="Read the error in quotes. The function at `/` gets no values and has no more to do "
        "than to return the text.",
        line=_last_own_line(app),
    )


def _last_own_line(app: App) -> int | None:
    """The last line of `app.py` in a traceback that was printed (Flask has an `app.py` too)."""
    own = [line.strip() for line in app.source.text().splitlines()]
    frames = re.findall(r'/app\.py", line (\d+), in .*\n +(.+)', app.output)
    found = [int(n) for n, code in frames if int(n) <= len(own) and own[int(n) - 1] == code.strip()]
    return found[-1] if found else None


def _route_below_run(app: App) -> int | None:
    """The line of a route for `/` that the script does not reach before the server starts."""
    started = (app.load().served or {}).get("line")
    if not isinstance(started, int):
        return None
    routes = [call for call in app.source.calls("route") if call.args]
    return next((r.line for r in routes if constant(r.args[0]) == "/" and r.line > started), None)


@check(task=1, points=2, needs=home_answers)
def home_greets(app: App) -> None:
    """`/` says `Hello, Flask!` and nothing else."""
    response = app.get("/")
    words = _words(response.text, response.headers)
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
        _letters(words).lower() != _letters(GREETING).lower(),
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
        response = server.get("/")
    except Failure as failure:
        if failure.outcome == "failed":
            _explain_silence(app, failure.message)
        raise
    words = _words(response.text, response.headers)
    expect(
        response.status == 200 and words == GREETING,
        f"The server runs, and answers at `/` with status {response.status}: `{words[:100]}`.",
        help="The page must be the same for everybody who asks the server. Look for a condition "
        "in your function, or for one around it.",
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


def _explain_silence(app: App, message: str) -> None:
    """Raise a Failure that says why a script that ended by itself started no server."""
    for node in ast.walk(app.source.tree() or ast.Module([], [])):
        name = _compared(node)
        expect(
            name in {None, "__main__"},
            f"{message} The guard compares with `{name}`, and that is never true.",
            help='The name has two underscores before `main` and two after it: `"__main__"`.',
            line=getattr(node, "lineno", None),
        )
        called_not = isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute | ast.Name)
        expect(
            not called_not,
            f"{message} Line {getattr(node, 'lineno', 0)} names a function and does not call it.",
            help="Write brackets after the name: `app.run()`. Without them nothing is called.",
            line=getattr(node, "lineno", None),
        )
    expect(
        len(app.source.calls("run")) > 0,
        f"{message} No line of it starts one.",
        help="End the file with the guard, and under it, indented, `app.run()`.",
    )
    raise Failure(
        f"{message} The line that starts one was never reached.",
        help="Look at what stands around that line. A function needs somebody to call it, and a "
        "condition must be true when the file is run as a script.",
        line=app.source.calls("run")[0].line,
    )


def _compared(node: ast.AST) -> str | None:
    """The text that `__name__` is compared with, if that is what `node` does."""
    if not isinstance(node, ast.Compare):
        return None
    sides = [node.left, *node.comparators]
    if not any(isinstance(side, ast.Name) and "name" in side.id for side in sides):
        return None
    texts = [side.value for side in sides if isinstance(side, ast.Constant)]
    return next(
        (text for text in texts if isinstance(text, str) and re.fullmatch("_*main_*", text)), None
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
