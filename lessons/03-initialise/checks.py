"""Checks of lesson 3: one SocketIO object beside the Flask app, and clients that connect."""

from __future__ import annotations

import re
from difflib import get_close_matches
from random import randint

from checker import App, Failure, check, expect, last_words, visible_lines

from .advice import advice
from .objects import (
    declared_paths,
    known_options,
    no_object,
    option_calls,
    places,
    without_a_name,
)
from .pages import opened, page_error, page_refused

LIBRARIES = {
    *("flask", "flask_socketio", "socketio", "engineio", "werkzeug", "jinja2", "markupsafe"),
    *("click", "itsdangerous", "blinker", "simple_websocket", "wsproto", "h11", "bidict"),
    # Python's own modules which importing the ones above needs.
    *("code", "copy", "datetime", "email", "http", "json", "logging", "queue", "random"),
    *("select", "socket", "ssl", "string", "threading", "token", "types", "typing", "uuid"),
}


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
    ends = (*app.source.calls("exit"), *app.source.calls("quit"))
    expect(
        app.load().exited is None,
        "Your script ends itself before it comes to its last line, so it starts no server.",
        help="Take out the line that ends it, such as `sys.exit()`.",
        line=next((call.line for call in ends if call.file == app.source.entry), None),
    )
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
        f"Your app makes {loaded.socketio_count} SocketIO objects{places(calls)}. "
        "The task asks for one.",
        help="Keep one of them. Where another file needs it, import it from the file that has it.",
    )
    if nameless := without_a_name(app.source):
        raise Failure(
            f"Line {nameless.line} of `{nameless.file}` makes a SocketIO object, and no name "
            "stands for it. The task asks you to keep it under a name.",
            help="Write a name and an equals sign in front: `socketio = SocketIO(…)`. "
            "By that name your functions find the object in the next lessons.",
            line=app.source.script_line(nameless),
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
                    line=app.source.script_line(call),
                )
            raise Failure(
                told,
                help="Take the option out. If it is one for starting the app, such as `debug`, "
                "it belongs in the brackets after `.run`.",
                line=app.source.script_line(call),
            )


@check(task=2, points=2, needs=app_loads)
def hello_page(app: App) -> None:
    """The page at `/` answers `Hello, SocketIO!`."""
    answer = opened(app, "/")
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
        line=app.source.script_line(made[0] if made else None),
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
    client = app.host().connect("any", help="Let every client in, whoever it is.")
    client.received()  # what this asks is answered by a Socket.IO server alone


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
            help=answer.advice
            or "Look at the function of that page. It returns a text, whatever it does before.",
            line=answer.line or app.source.line_of(route),
        )
