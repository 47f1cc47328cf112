"""Checks of lesson 3: one SocketIO object beside the Flask app, and clients that connect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from random import randint
from urllib.parse import urlsplit

from checker import App, Call, Failure, Response, Source, check, constant, expect

LIBRARIES = {
    *("flask", "flask_socketio", "socketio", "engineio", "werkzeug", "jinja2", "markupsafe"),
    *("click", "itsdangerous", "blinker", "simple_websocket", "wsproto", "h11", "bidict"),
    # Python's own modules which importing the ones above needs.
    *("code", "copy", "datetime", "email", "http", "json", "logging", "queue", "random"),
    *("select", "socket", "ssl", "string", "threading", "token", "types", "typing", "uuid"),
}
ADVICE = {
    "'SocketIO' object has no attribute 'route'": "One name stands for two things: the Flask app "
    "and the SocketIO object. Give each a name of its own.",
    "object has no attribute 'extensions'": "Write your Flask app into the brackets of `SocketIO`: "
    "the object itself, not its name in quotation marks and not `__name__`.",
    "cannot import name 'SocketIO' from 'flask'": "`SocketIO` comes from another package: "
    "write `from flask_socketio import SocketIO` on a line of its own.",
    "Invalid async_mode": 'Write `async_mode="threading"`, letter by letter, or leave it out.',
    "SocketIO.run() missing": "Before `.run` stands the SocketIO object, and your Flask app stands "
    "in the brackets: `socketio.run(app)`.",
    "'SocketIO' object has no attribute 'config'": "Write your Flask app into the brackets of "
    "`run`: `socketio.run(app)`.",
    "'SocketIO' object has no attribute 'debug'": "Write your Flask app into the brackets of "
    "`run`: `socketio.run(app)`.",
    "'Flask' object has no attribute 'socketio'": "The SocketIO object has a name of its own, "
    "which nothing stands in front of: `socketio.run(app)`.",
    "SocketIO.__init__() takes from 1 to 2 positional": "After the Flask app, each option is "
    'written with its name: `SocketIO(app, async_mode="threading")`.',
    "Flask.__init__() got an unexpected keyword": "`Flask` does not know that option. "
    "What is meant for Socket.IO belongs in the brackets of `SocketIO(app, …)`.",
    "SocketIO.init_app() missing": "Write your Flask app into the brackets: "
    "`socketio.init_app(app)`.",
    "multiple values for keyword argument 'threaded'": "Take `threaded` out: the server that "
    "`socketio.run` starts has a thread for each visitor already.",
    "be used with a message queue": "The checks run your app alone, without such a queue. "
    "Take the option `message_queue` out.",
}
"""Part of an error's text to what helps."""
# HTML elements that stand inside a line, and those that a visitor does not see.
INLINE = {"a", "abbr", "b", "code", "em", "i", "mark", "q", "small", "span", "strong", "u"}
UNSEEN = {"head", "script", "style", "template"}


@check(task=1)
def no_file_hides_a_library(app: App) -> None:
    """No file of yours has the name of a library that the app needs."""
    for path in sorted(app.files):
        module = path.removesuffix(".py").removesuffix("/__init__")
        expect(
            module not in LIBRARIES or not path.endswith(".py"),
            f"Your folder holds `{path}`. Python looks in your folder first, "
            f"and finds it in place of the library `{module}`.",
            help="Give the file another name, and remove the folder `__pycache__` beside it.",
        )


@check(task=1)
def app_loads(app: App) -> None:
    """The app loads without starting a server."""
    with advice(app.source):
        app.load()
    expect(
        not app.ran_server_on_import,
        "Your app starts a server as soon as its file is read. "
        "The task asks for a file that can be read without that.",
        help='Put the line that starts the app under `if __name__ == "__main__":`.',
        line=next(
            (call.line for call in app.source.calls("run") if call.file == app.source.entry), None
        ),
    )


@check(task=1, points=2, needs=app_loads)
def one_socketio_object(app: App) -> None:
    """The app has one SocketIO object."""
    loaded = app.load()
    calls = app.source.calls("SocketIO")
    if loaded.socketio_count == 0 or not (calls or loaded.bound):
        raise no_object(app.source, calls)
    expect(
        loaded.socketio_count == 1,
        f"Your app makes {loaded.socketio_count} SocketIO objects{lines(calls)}. "
        "The task asks for one.",
        help="Keep one of them. Where another file needs it, import it from the file that has it.",
    )
    if nameless := without_a_name(app.source):
        raise Failure(
            f"Line {nameless.line} of `{nameless.file}` makes a SocketIO object, and no name "
            "stands for it. The task asks you to keep it under a name.",
            help="Write a name and an equals sign in front: `socketio = SocketIO(…)`. "
            "By that name your functions find the object in the next lessons.",
            line=nameless.line if nameless.file == app.source.entry else None,
        )


@check(task=1, needs=app_loads)
def options_are_known(app: App) -> None:
    """Each option that you give to `SocketIO` is one that it knows."""
    known = known_options()
    for call in option_calls(app.source):
        for name in set(call.keywords) - known:
            nearest = get_close_matches(name, known, 1, 0.7)
            told = f"Line {call.line} of `{call.file}` gives `{call.name.split('.')[-1]}` "
            told += f"an option named `{name}`. It has no such option, and drops it without a word."
            if nearest:
                raise Failure(
                    told,
                    help=f"The nearest name is `{nearest[0]}`. Compare them letter by letter.",
                    line=call.line if call.file == app.source.entry else None,
                )
            raise Failure(
                told,
                help="Take the option out. If it is one for starting the app, such as `debug`, "
                "it belongs in the brackets after `.run`.",
                line=call.line if call.file == app.source.entry else None,
            )


@check(task=2, points=2, needs=app_loads)
def hello_page(app: App) -> None:
    """The page at `/` answers `Hello, SocketIO!`."""
    answer = page(app, "/")
    if answer.status == 400 and "Socket.IO" in answer.text:
        raise Failure(
            "The Socket.IO server answers at `/`, so your page is never asked.",
            help="Take the option `path` out, or give it a longer address than `/`.",
            line=app.source.line_of("path="),
        )
    if answer.status >= 500:
        raise page_error(app, answer.line)
    if refused := page_refused(app, answer):
        raise refused
    expect(
        answer.status == 200,
        f"Your app answers `/` with the status {answer.status}. The task asks for a page.",
        help='Keep the function with `@app.route("/")` above it: SocketIO does not replace it.',
        observed=answer.status,
        expected=200,
    )
    seen = visible_lines(answer.text)
    phrase = r"(?<!\S)Hello, SocketIO!(?!\S)" if "<" in answer.text else "^Hello, SocketIO!$"
    expect(
        any(re.search(phrase, line) for line in seen),
        f"The page at `/` says `{' '.join(seen)[:100]}`. The task asks for `Hello, SocketIO!`.",
        help="Return that text letter by letter: capitals, comma, space and the mark at the end.",
        observed=" ".join(seen)[:200],
        expected="Hello, SocketIO!",
        line=app.source.line_of("Hello"),
    )


@check(task=3, points=2, needs=one_socketio_object)
def client_connects(app: App) -> None:
    """Clients can connect, one after the other and side by side."""
    made = app.source.calls("SocketIO")
    expect(
        app.load().async_mode is not None,
        "Your app makes a SocketIO object, and the object has never been given a Flask app.",
        help="Write your Flask app into the brackets, or call `init_app` with it afterwards.",
        line=made[0].line if made and made[0].file == app.source.entry else None,
    )
    for number in range(randint(3, 5)):
        with advice(app.source):
            client = app.connect(
                help="A function for `connect` that returns `False` turns clients away. "
                "Take it out: without it every client is let in."
            )
        if number % 2:
            client.disconnect()


@check(task=3, needs=client_connects)
def socketio_belongs_to_the_app(app: App) -> None:
    """The SocketIO object and your pages belong to the same Flask app."""
    app.load()
    answers = [
        app.get(f"/{path.strip('/')}/", EIO="4", transport="polling")
        for path in ("socket.io", *declared_paths(app.source))
    ]
    expect(
        any(answer.text.startswith(('0{"sid"', '"Invalid transport')) for answer in answers),
        f"The Flask app with your pages answers `/socket.io/` with the status {answers[0].status}. "
        "Its SocketIO object should answer there, so it was made for another Flask app.",
        help="Make one Flask app. Give that one to `SocketIO(…)`, and to your routes.",
        observed=answers[0].status,
    )


@check(task=3, needs=client_connects)
def real_client_connects(app: App) -> None:
    """A real client connects over the network."""
    app.host().connect("any", help="Let every client in, whoever it is.")


@check(task=3, needs=(hello_page, client_connects))
def pages_work_beside_connections(app: App) -> None:
    """Your pages answer while clients are connected."""
    app.connect()
    for route in app.load().routes:
        if "<" in route:
            continue
        try:
            answer = app.get(route)
        except Failure as failure:
            if failure.outcome == "timed_out" and route != "/":
                return  # A page may stream without end.
            raise
        expect(
            not (answer.status == 400 and "unsupported version of the Socket.IO" in answer.text),
            f"The Socket.IO server answers at `{route}`, so your own page is never asked.",
            help="Give the page an address that does not begin with `/socket.io`.",
            line=app.source.line_of(route),
        )
        expect(
            answer.status < 500,
            f"Opening your page `{route}` ends with an error. {last_words(app.output)}",
            help="Look at the function of that page. It returns a text, whatever it does before.",
            line=answer.line or app.source.line_of(route),
        )


@contextmanager
def advice(source: Source) -> Iterator[None]:
    """Say where in a run an error came, and what to do about one that says too little about it."""
    try:
        yield
    except Failure as failure:
        for part, help in ADVICE.items():
            if part in failure.message:
                failure.help = help
        if "message queue" in failure.message:
            failure.line = source.line_of("message_queue")
        if failure.line in guarded(source):
            failure.message = failure.message.replace(
                "While loading, your app", "Under the `__main__` guard, your app", 1
            )
        bare = re.search(r"^.*= *(\w+\.)?SocketIO *(#.*)?$", source.text(), re.M)
        if bare and re.search(r"(init_app|run)\(\) missing", failure.message):
            failure.help = "Brackets after `SocketIO` make the object. Without them, your name "
            failure.help += "stands for the class: the plan of such an object."
            failure.line = source.line_of(bare[0])
        raise


def guarded(source: Source) -> range:
    """Return the lines of the script that stand under its `__main__` guard."""
    tree = source.tree() or ast.Module([], [])
    for node in tree.body:
        if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
            return range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1)
    return range(0)


def route_below_run(app: App) -> int | None:
    """Return the line of a route for `/` that stands below the line that starts the app."""
    started = (app.load().served or {}).get("line")
    if not isinstance(started, int):
        return None
    routes = [call for call in app.source.calls("route") if call.file == app.source.entry]
    pages = [call.line for call in routes if call.args and constant(call.args[0]) == "/"]
    return next((line for line in pages if line > started), None)


def without_a_name(source: Source) -> Call | None:
    """Return the call that makes a SocketIO object which nothing keeps, if it is the only one."""
    calls = source.calls("SocketIO")
    if len(calls) != 1 or source.mentions("extensions", "globals", "setattr", "exec"):
        return None
    tree = source.tree(calls[0].file) or ast.Module([], [])
    alone = [
        node.value.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if re.fullmatch(r"[\w.]+", ast.unparse(node.value.func))
    ]
    return calls[0] if calls[0].line in alone else None


def no_object(source: Source, calls: tuple[Call, ...]) -> Failure:
    """Say why no SocketIO object was found."""
    if calls and (file := calls[0].file) != source.entry:
        return Failure(
            f"`{file}` makes a SocketIO object, and running `app.py` never runs that file.",
            help=f"Import `{file.removesuffix('.py')}` in `app.py`, "
            "or make the object in `app.py` itself.",
        )
    if servers := source.calls("socketio.Server"):
        return Failure(
            "Your app makes a `socketio.Server`. That belongs to another package, python-socketio; "
            "the task asks for a `SocketIO` object of Flask-SocketIO.",
            help="Use `from flask_socketio import SocketIO` and `SocketIO(app)`.",
            line=servers[0].line,
        )
    if not calls and "flask_socketio.SocketIO" in source.imports.values():
        return Failure(
            "Your app imports `SocketIO` and makes no object of it.",
            help="Call it: the name, and after it brackets with your Flask app in them.",
            line=source.line_of("= SocketIO") or source.line_of("SocketIO"),
        )
    if calls:
        return Failure(
            f"Line {calls[0].line} makes a SocketIO object, and running `app.py` "
            "never reaches that line: it stands in a function that is not called.",
            help="Call that function, or make the object outside of it.",
            line=calls[0].line,
        )
    return Failure(
        "Your app has no SocketIO object. The task asks for one.",
        help="Import `SocketIO` from `flask_socketio`, and make the object below your Flask app.",
    )


def lines(calls: tuple[Call, ...]) -> str:
    """Name the places of some calls, as the end of a sentence."""
    places = [f"line {call.line} of `{call.file}`" for call in calls]
    return f" ({', '.join(places)})" if places else ""


def option_calls(source: Source) -> Iterator[Call]:
    """Yield the calls that give options to a SocketIO object."""
    yield from source.calls("SocketIO")
    names = source.assigned("SocketIO")
    for call in source.calls("init_app"):
        if call.name.split(".")[-2:-1] and call.name.split(".")[-2] in names:
            yield call


def known_options() -> set[str]:
    """Return the option names that the installed Flask-SocketIO describes, without importing it."""
    spec = find_spec("flask_socketio")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text("utf-8")
    described = re.search(r'^class SocketIO\b.*?"""(.*?)"""', text, re.M | re.S)
    assert described is not None
    return set(re.findall(r":param (\w+):", described[1])) - {"kwargs"}


def page(app: App, path: str) -> Response:
    """Open a page, and go where it sends a visitor."""
    answer = app.get(path)
    for _ in range(3):
        onward = urlsplit(answer.headers.get("Location", ""))
        if not 300 <= answer.status < 400 or onward.netloc or not onward.path.startswith("/"):
            break
        answer = app.get(onward.path)
    return answer


def page_refused(app: App, answer: Response) -> Failure | None:
    """Say why a page that the file has is not answered, if that can be told."""
    told = f"Your app answers `/` with the status {answer.status}"
    if answer.status in (401, 403):
        return Failure(
            f"{told}: it turns the visitor away. The task asks for a page that everybody sees.",
            help="Leave the page `/` out of what asks visitors who they are.",
            line=app.source.line_of("before_request") or app.source.line_of("abort("),
            observed=answer.status,
            expected=200,
        )
    if answer.status == 404 and (below := route_below_run(app)):
        return Failure(
            f"{told}: its route stands below the line that starts the server.",
            help="That line does not come back while the server runs, so what follows is not "
            "read. Move it to the end of the file.",
            line=below,
        )
    return None


def page_error(app: App, line: int | None) -> Failure:
    """Say with which error the page at `/` ended."""
    told = f"Opening `/` ends with an error. {last_words(app.output)}"
    line = line or app.source.line_of('route("/")')
    if "did not return a valid response" in app.output:
        return Failure(
            told,
            help="A page returns its text. What it prints appears in your terminal only.",
            line=line,
        )
    return Failure(
        told,
        help="Look at the function of the page. The error says what it did not find.",
        line=line,
    )


def last_words(output: str) -> str:
    """Write the last error that the app printed, as a sentence."""
    errors = re.findall(r"^[A-Za-z_][\w.]*(?:: .*)?$", output.rpartition("Traceback (")[2], re.M)
    return f"The error is: {errors[-1][:300]}" if errors else "No error text was printed."


class _Visible(HTMLParser):
    """Collects what a browser would show, with a line break at each block."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        self.text += "" if tag in INLINE else "\n"

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN and self.unseen > 0
        self.text += "" if tag in INLINE else "\n"

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.text += re.sub(r"\s+", " ", data)


def visible_lines(html: str) -> list[str]:
    """Return the lines of text that a visitor sees."""
    page = _Visible()
    page.feed(html)
    page.close()
    return [line for part in page.text.split("\n") if (line := " ".join(part.split()))]


def declared_paths(source: Source) -> Iterator[str]:
    """Yield the addresses that the source gives to the options `path` and `resource`."""
    for file in source.files:
        for node in ast.walk(source.tree(file) or ast.Module([], [])):
            pairs: list[tuple[object, ast.expr]] = []
            if isinstance(node, ast.Call):
                pairs = [(item.arg, item.value) for item in node.keywords]
            elif isinstance(node, ast.Dict):
                pairs = [
                    (constant(key), item) for key, item in zip(node.keys, node.values, strict=False)
                ]
            for name, value in pairs:
                if name in ("path", "resource") and isinstance(text := constant(value), str):
                    yield text
