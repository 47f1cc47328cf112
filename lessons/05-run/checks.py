"""Lesson 5: started as a script, a real server answers real clients, and debug mode is on."""

import ast
import re

from checker import App, Client, Event, Failure, Server, check, constant, expect, expect_equal

START = 20.0
"""Seconds for a server to come up: with debug mode on, two processes have to."""
CONNECTED = 5.0
"""Seconds for a client to connect to a server that is known to answer."""
ANSWERED = 3.0
"""Seconds for an answer. A healthy server takes milliseconds; a deaf one never answers."""


@check(task=1)
def import_starts_nothing(app: App) -> None:
    """Importing the file starts no server."""
    app.load()
    expect(
        not app.ran_server_on_import,
        "Your app starts a server as soon as the file is read. The task asks for one only when "
        "the file is run as a script.",
        help='Put the line that starts the server under `if __name__ == "__main__":`, indented, '
        "at the end of the file.",
        line=_start_line(app),
    )


@check(task=1, points=2, needs=import_starts_nothing)
def polling_client_is_answered(app: App) -> None:
    """Run as a script, the app answers a real client over polling."""
    server = _started(app)
    try:
        client = server.connect(
            transport="polling",
            timeout=CONNECTED,
            help="The server is there and turns away clients that use polling. Allow both "
            "transports: leave `transports=` out of `SocketIO(…)`.",
        )
        replies = _answers(app, client)
    except Failure:
        _explain_flask_server(app, "polling")
        raise
    _expect_right(replies)


@check(task=1, points=2, needs=polling_client_is_answered)
def websocket_client_is_answered(app: App) -> None:
    """Run as a script, the app answers a real client over WebSocket."""
    server = _started(app)
    try:
        client = server.connect(
            transport="websocket",
            timeout=CONNECTED,
            help="Polling works and WebSocket does not. Allow both transports: leave "
            "`transports=` out of `SocketIO(…)`.",
        )
        replies = _answers(app, client)
    except Failure:
        _explain_flask_server(app, "WebSocket")
        raise
    _expect_right(replies)


@check(task=2, needs=polling_client_is_answered)
def debug_mode_is_on(app: App) -> None:
    """Debug mode is on: the debugger stands by."""
    if _started(app).debugger:
        return
    for call in (*app.source.calls("SocketIO"), *app.source.calls("init_app")):
        expect(
            constant(call.keywords.get("debug")) is not True,
            "The server runs with debug mode off, although you give `debug=True` to "
            f"`{call.name.rpartition('.')[2]}(…)`.",
            help="`SocketIO` has no option `debug` and drops it without a word. `debug=True` "
            "belongs into the brackets of `socketio.run(…)`.",
            line=call.line if call.file == app.source.entry else None,
        )
    raise Failure(
        "The server runs with debug mode off. The task asks for debug mode.",
        help="Give `debug=True` to the call that starts the server: "
        "`socketio.run(app, debug=True)`. What stands below that call comes too late.",
        line=_start_line(app),
    )


# --- Conversations ----------------------------------------------------------------------------


def _answers(app: App, client: Client) -> list[Event]:
    """Send two messages, one after the other, and return their answers."""
    replies = []
    for _ in range(2):
        client.emit("message", app.nonce())
        reply = client.receive(
            "response",
            within=ANSWERED,
            help="The server runs, a client is connected, and its `message` had no answer. Is "
            "the handler of lesson 4 still there, with one `response` for each `message`?",
        )
        replies.append(reply)
    return replies


def _expect_right(replies: list[Event]) -> None:
    for reply in replies:
        expect_equal(
            reply.data,
            {"data": "Message received!"},
            what="The payload of `response`",
            help="Answer each message as in lesson 4: "
            '`emit("response", {"data": "Message received!"})`.',
        )


def _explain_flask_server(app: App, transport: str) -> None:
    """Raise a Failure that names the cause if Flask's own server is why no answer comes."""
    loaded = app.load()
    if loaded.served is None or loaded.served.get("by") != "app.run":
        return
    expect(
        loaded.async_mode is not None,
        f"A client that used {transport} had no answer. No SocketIO object of your app belongs to "
        "the Flask app that the script starts.",
        help="Make the object for the app that you start, `SocketIO(app, …)`, and start it with "
        "`socketio.run(app, …)`.",
        line=_start_line(app),
    )
    expect(
        loaded.async_mode == "threading",
        f"A client that used {transport} had no answer. The `async_mode` is "
        f"{loaded.async_mode}, and the script starts Flask's own server with `run()`.",
        help="Flask's own server never gives such a mode its turn. Let the SocketIO object start "
        "the server that fits: `socketio.run(app, debug=True)` in place of `app.run(…)`.",
        line=_start_line(app),
    )
    expect(
        loaded.served.get("keywords", {}).get("threaded") is not False,
        f"A client that used {transport} had no answer. The script starts Flask's "
        "server with `threaded=False`.",
        help="A polling client has one request waiting on the server while it sends with another, "
        "and `threaded=False` allows one at a time. Take it out.",
        line=_start_line(app),
    )


# --- Starting ---------------------------------------------------------------------------------


def _started(app: App) -> Server:
    """Run the script until it takes requests.

    In debug mode a first process may hold the port before a second one answers there, so a page
    is fetched before any client connects.
    """
    _refuse_mode_for_run(app)
    try:
        server = app.serve(timeout=START)
        server.get("/", timeout=START)
    except Failure as problem:
        _explain_second_reading(app)
        if problem.outcome == "failed":
            _explain_early_end(app)
        raise
    return server


def _refuse_mode_for_run(app: App) -> None:
    for call in app.source.calls("run"):
        expect(
            "async_mode" not in call.keywords,
            "The script gives `async_mode` to `run(…)`. No server knows it: the threading and "
            "eventlet servers stop with a TypeError, gevent's resets each connection.",
            help="The mode belongs to the object: move it to `SocketIO(app, async_mode=…)`.",
            line=call.line if call.file == app.source.entry else None,
        )


def _explain_second_reading(app: App) -> None:
    """Raise a Failure if the script ran once and stopped when the reloader started it again."""
    _, restarted, after = app.output.partition("Restarting with")
    last = (after.strip().splitlines() or [""])[-1]
    lines = re.findall(rf'{re.escape(app.source.entry)}", line (\d+)', after)
    stopped = lines and int(lines[-1]) != _start_line(app)
    expect(
        not (restarted and stopped),
        f"Your script was read once, and stopped when it was read again: `{last}`.",
        help="In debug mode the reloader starts your script a second time. What it does while it "
        "is read must be possible twice; or switch that off with `use_reloader=False`.",
        line=int(lines[-1]) if lines else None,
    )


def _explain_early_end(app: App) -> None:
    """Raise a Failure that says why a script that ended without an error started no server."""
    tree = app.source.tree() or ast.Module([], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and ast.unparse(node.left) == "__name__":
            name = constant(node.comparators[0])
            expect(
                name == "__main__",
                f"Your script ended without starting a server. The guard compares `__name__` with "
                f"{name!r}, and a script's name is '__main__'.",
                help='Two underscores stand on each side, in `__name__` and in `"__main__"`. '
                "Otherwise the two are never equal.",
                line=node.lineno,
            )
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute):
            expect(
                node.value.attr != "run",
                f"Your script ended without starting a server. It names "
                f"`{ast.unparse(node.value)}` and does not call it.",
                help="Brackets make the call, and the app goes into them: `socketio.run(app)`.",
                line=node.lineno,
            )
    line = _start_line(app)
    expect(
        line is None,
        "Your script ended without starting a server: it never came to the line that would.",
        help="Is that line in a function that nobody calls, or behind a condition that is never "
        "true?",
        line=line,
    )
    raise Failure(
        "Your script ended without starting a server. No line of it asks for one.",
        help="Let the SocketIO object start the server, under the `__main__` guard at the end of "
        "the file.",
    )


def _start_line(app: App) -> int | None:
    """The line of the script that calls somebody's `run`."""
    calls = app.source.calls("run")
    return next((call.line for call in calls if call.file == app.source.entry), None)
