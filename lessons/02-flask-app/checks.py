"""Lesson 2: a Flask app greets at `/` and nowhere else, and starts only as a script."""

import ast
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from html.parser import HTMLParser
from itertools import chain, zip_longest

from checker import App, Failure, check, constant, expect

GREETING = "Hello, Flask!"
UNSEEN = {"title", "script", "style", "template", "noscript"}
# Tags that stand inside a sentence; every other tag ends a line.
INLINE = {"a", "abbr", "b", "code", "em", "font", "i", "mark", "q", "s", "small", "span"}
INLINE |= {"strong", "sub", "sup", "u", "wbr"}
MOST = 50_000  # characters of a page that are read
HERE = {"127.0.0.1", "localhost", "0.0.0.0", "::", "::1"}
OPTIONS = ("host", "port", "debug", "use_reloader", "threaded", "load_dotenv")  # of `app.run`


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
    if status == 0:
        _explain_two_values(app, said)
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
    calls = (*app.source.calls("route"), *app.source.calls("get"))
    own = [call for call in calls if call.args and call.file == app.source.entry]
    home = [call for call in own if constant(call.args[0]) == "/"]
    again = _second_app(app, home[0].line) if home else None
    expect(
        again is None,
        f"{said} Line {again} makes a second app, which takes the name of the first. Your route "
        f"for `/` in line {home[0].line if home else 0} belongs to the first one.",
        help="Make one app, at the top of the file, and take the second one away.",
        line=again,
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


def _second_app(app: App, route: int) -> int | None:
    """The line below a route where the name that held its app gets another one."""
    tree = app.source.tree() or ast.Module([], [])
    made: set[str] = set()
    under = (node.body for node in tree.body if isinstance(node, ast.If))
    for node in chain(tree.body, *under):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if not ast.unparse(node.value.func).endswith("Flask"):
            continue
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if names & made and node.lineno > route:
            return node.lineno
        made |= names if node.lineno < route else set()
    return None


def _returns(app: App) -> Iterator[tuple[ast.Return, ast.stmt | None]]:
    """Each `return` of `app.py`, with the line of code that follows it in the same block."""
    for node in ast.walk(app.source.tree() or ast.Module([], [])):
        block = getattr(node, "body", None)
        for here, after in zip_longest(block, block[1:]) if isinstance(block, list) else ():
            if isinstance(here, ast.Return):
                yield here, after


def _explain_two_values(app: App, said: str) -> None:
    """Raise a Failure if the text was cut in two, and its second half taken for a status."""
    for given, _ in _returns(app):
        values = given.value.elts if isinstance(given.value, ast.Tuple) else []
        texts = [value for value in map(constant, values) if isinstance(value, str)]
        cut = len(values) > 1 and len(texts) == len(values) and not texts[1][:3].isdigit()
        expect(
            not cut,
            f"{said} Line {given.lineno} returns {len(values)} values with a comma between them, "
            f"and Flask takes the second one, `{texts[1][:40] if cut else ''}`, for a status code.",
            help="Return one text: the comma belongs inside the quotation marks, "
            '`return "Hello, Flask!"`.',
            line=given.lineno,
        )


def _explain_error(app: App, said: str) -> None:
    error = _raised(app.output)
    if "did not return a valid response" in error:
        _explain_no_answer(app, f"{said} Flask says: `{error}`")
    if _last_own_line(app) is None:
        _explain_two_values(app, said)
    failed = f"{said} Your function was found, and then failed" + (f": `{error}`" if error else ".")
    missing = re.fullmatch(r"jinja2\.exceptions\.TemplateNotFound: (\S+)", error)
    if missing:
        _explain_template(app, failed, missing[1])
    raise Failure(
        failed,
        help="Read the error in quotes. The function at `/` gets no values and has no more to do "
        "than to return the text.",
        line=_last_own_line(app),
    )


def _raised(printed: str) -> str:
    """The last exception in what was printed: the first line below its traceback."""
    trace = printed.rpartition("Traceback (most recent call last):")[2]
    found = re.search(r"^[A-Za-z_][\w.]*(?:: .*)?$", trace, re.MULTILINE)
    return found[0][:300] if found else ""


def _explain_no_answer(app: App, said: str) -> None:
    """Raise the Failure of a function whose value is no answer."""
    comma = _line_with_comma(app)
    several = "response tuple" in said
    expect(
        not several or comma is None,
        f"{said} A comma behind a text makes a list of values of it.",
        help="Take the comma at the end of the line away, and return the text alone.",
        line=comma,
    )
    expect(
        not several,
        said,
        help="The function gives back several values. Return the text alone.",
    )
    for given, after in _returns(app):
        text = isinstance(after, ast.Expr) and isinstance(constant(after.value), str)
        expect(
            given.value is not None or not text,
            f"{said} Line {given.lineno} is `return` alone; the text stands on the line below it.",
            help="`return` gives back what stands on its own line. Move the text up, behind it.",
            line=given.lineno,
        )
    raise Failure(
        said,
        help="A visitor gets what the function returns. Give the text back with `return`; what "
        "`print` writes stays in the terminal.",
        line=app.source.line_of("print("),
    )


def _line_with_comma(app: App) -> int | None:
    """The line where a value is given back or kept that a comma makes a list of."""
    for node in ast.walk(app.source.tree() or ast.Module([], [])):
        if not isinstance(node, ast.Return | ast.Assign):
            continue
        if isinstance(node.value, ast.Tuple) and len(node.value.elts) == 1:
            return node.lineno
    return None


def _explain_template(app: App, failed: str, name: str) -> None:
    """Raise the Failure of a page that `render_template` does not find."""
    end = name.rpartition("/")[2]
    other = next((path for path in app.files if path.rpartition("/")[2] == end), None)
    raise Failure(
        failed,
        help=f"`render_template` looks in a folder `templates` beside `app.py`. Move your "
        f"`{other}` there."
        if other
        else "`render_template` looks in a folder `templates` beside `app.py`, and there is no "
        f"`{name}` in it. Return the text itself, or make that file.",
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
        if failure.outcome == "crashed":
            _explain_options(app, failure.message)
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


def _explain_options(app: App, message: str) -> None:
    """Raise a Failure if the server stopped because of an option of the line that starts it."""
    served = app.load().served or {}
    if served.get("by") != "app.run":
        return
    unknown = re.search(r"run_simple\(\) got an unexpected keyword argument '(\w+)'", message)
    runs = [call for call in app.source.calls("run") if unknown and unknown[1] in call.keywords]
    name, line = (unknown[1], runs[0].line) if unknown and runs else ("", None)
    near = get_close_matches(name, OPTIONS, 1)
    expect(
        not near,
        message,
        help=f"`app.run` has no option `{name}`. Did you mean `{near[0] if near else ''}`?",
        line=line,
    )
    expect(
        not name,
        message,
        help=f"`app.run` has no option `{name}`. Take it out: `app.run()` needs none.",
        line=line,
    )
    if "Traceback" in app.output or "in use" in app.output:
        return
    given = served["keywords"]
    host = given.get("host") if isinstance(given.get("host"), str) else ""
    parts = re.fullmatch(r"(?:\w+://)?([^/:]*)(?::(\d+))?/?", host)
    port = (parts[2] if parts else None) or given.get("port") or 5000
    expect(
        not parts or parts[0] == parts[1],
        f"{message}. The host is `{host[:60]}`, and that is more than the name of a machine.",
        help="Host and port are two options: "
        f'`app.run(host="{parts[1] if parts else ""}", port={port})`.',
        line=served["line"],
    )
    expect(
        not host or host in HERE,
        f"{message}. The host is `{host[:60]}`, and the server cannot wait there.",
        help="Take `host=…` out. Without it the server waits at `127.0.0.1`, on this machine.",
        line=served["line"],
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
