"""Lesson 5: started as a script, a real server answers real clients, and debug mode is on."""

import ast
import contextlib
import re
from collections.abc import Iterator

from checker import (
    App,
    Call,
    Client,
    Event,
    Failure,
    Loaded,
    Server,
    check,
    constant,
    expect,
    expect_equal,
)

START = 20.0
"""Seconds for a server to come up: with debug mode on, two processes have to."""
CONNECTED = 5.0
"""Seconds for a client to connect to a server that is known to answer."""
ANSWERED = 5.0
"""Seconds for an answer. A healthy server takes milliseconds; a deaf one never answers."""
PATH = "socket.io"
"""Where clients look for Socket.IO."""
NO_SUCH_HOST = ("Name or service not known", "nodename nor servname", "gaierror", "host not found")
THREADS = ("Thread", "Timer", "start_background_task")


@check(task=1)
def import_starts_nothing(app: App) -> None:
    """Importing the file starts no server."""
    with contextlib.suppress(Failure):  # What it does as a script is the next check's matter.
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
            help="The server runs, and something in your app turns its clients away. Take out what "
            "is not in the app of lesson 4.",
        )
    except Failure as refused:
        _explain_flask_server(app, "polling")
        _explain_refusal(app, refused)
        raise
    _expect_right(_answers(app, client, "polling"))


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
    except Failure:
        _explain_flask_server(app, "WebSocket")
        raise
    _expect_right(_answers(app, client, "WebSocket"))


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


def _answers(app: App, client: Client, transport: str) -> list[Event]:
    """Send two messages, one after the other, and return their answers."""
    try:
        return [_answer(app, client) for _ in range(2)]
    except Failure:
        _explain_flask_server(app, transport)
        _explain_silence(app)
        raise


def _answer(app: App, client: Client) -> Event:
    client.emit("message", app.nonce())
    return client.receive(
        "response",
        within=ANSWERED,
        help="The server runs, a client is connected, and its `message` had no answer. Is "
        "the handler of lesson 4 still there, with one `response` for each `message`?",
    )


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
    loaded = _loaded(app)
    if loaded is None or loaded.served is None or loaded.served.get("by") != "app.run":
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


def _explain_refusal(app: App, refused: Failure) -> None:
    """Raise a Failure that names the cause if the app says itself why no client gets in."""
    told = str(refused.observed)
    expect(
        "Invalid transport" not in app.output or "status code 400" not in told,
        f"{refused.message} The server turns away clients that use polling.",
        help="Allow both transports: leave `transports=` out of `SocketIO(…)`.",
        line=_line_with(app, "transports"),
    )
    loaded = _loaded(app)
    path = loaded.path if loaded else PATH
    option = "path" if _line_with(app, "resource") is None else "resource"
    expect(
        "status code 404" not in told or path == PATH,
        f"Your app waits for clients at the path `/{path}`. A client asks at `/{PATH}`, unless it "
        "is told otherwise, and there your server answers with the status 404, *not found*.",
        help=f"Leave `{option}=` out of `SocketIO(…)`.",
        line=_line_with(app, option),
    )
    _explain_connect_handler(app)


def _explain_connect_handler(app: App) -> None:
    """Raise a Failure if a pretended client does not get in either."""
    if _loaded(app) is None:
        return
    try:
        app.connect(
            help="A function for `connect` that returns `False` turns every client away. Take "
            "that line out."
        )
    except Failure as failure:
        failure.line = failure.line or next((x for _, x in _listeners(app, "connect")), None)
        expect(
            failure.outcome != "timed_out",
            "A client waits until your function for `connect` has come to its end, and it does "
            "not come there. So no client gets in.",
            help="Let the function return at once: take the loop or the long wait out of it.",
            line=failure.line,
        )
        raise


def _explain_silence(app: App) -> None:
    """Raise a Failure that names the line because of which nobody listens for `message`."""
    loaded = _loaded(app)
    if loaded is None:
        return
    start = _served_line(app, loaded)
    heard = {("/", "message"), ("/", "*")} & set(loaded.events)
    objects = list(_objects(app))
    for name, line in _listeners(app, "message"):
        expect(
            heard or start is None or line < start,
            f"A client sent `message` and got no answer. Line {start} starts the server and does "
            f"not come back, so Python never reads the handler in line {line}.",
            help="Move the lines that start the server to the end of the file. Every handler "
            "stands above them.",
            line=start,
        )
        own = [made for owner, made in objects if owner == name and made < line]
        for _, second in objects[-1:] if own else ():
            expect(
                own[-1] == second,
                f"A client sent `message` and got no answer. Line {second} makes a second "
                "SocketIO object, and it takes the clients over. The handler in line "
                f"{line} belongs to the first one, of line {own[-1]}.",
                help="Make the SocketIO object once, above the handlers: take the second one out.",
                line=second,
            )


def _objects(app: App) -> Iterator[tuple[str, int]]:
    """Yield name and line of the SocketIO objects that the script makes with an app."""
    lines = {call.line for call in app.source.calls("SocketIO") if call.file == app.source.entry}
    for node in (app.source.tree() or ast.Module([], [])).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if node.lineno in lines and node.value.args:
            yield ast.unparse(node.targets[0]), node.lineno


def _listeners(app: App, event: str) -> Iterator[tuple[str, int]]:
    """Yield the SocketIO object's name and the line, for handlers of ``event`` in the script."""
    for node in (app.source.tree() or ast.Module([], [])).body:
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else [node]:
            call = mark.value if isinstance(mark, ast.Expr) else mark
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            named = call.args and constant(call.args[0]) == event
            if named and call.func.attr in {"on", "on_event"}:
                yield ast.unparse(call.func.value), call.lineno


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
        _explain_host(app)
        if problem.outcome == "timed_out":
            _explain_question(app)
        if problem.outcome == "failed":
            _explain_thread(app)
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


def _explain_host(app: App) -> None:
    """Raise a Failure if the server is to wait at an address that does not exist."""
    if not any(text in app.output for text in NO_SUCH_HOST):
        return
    for call in _calls_of_run(app):
        host = call.keywords.get("host")
        shown = ast.unparse(host)[:80] if host else ""
        expect(
            host is None,
            f"No server started: `host` is `{shown}`, and no machine has that address.",
            help="A host is an address alone, without `http://` and without a port: "
            '`host="127.0.0.1"`. Or leave it out.',
            line=call.line,
        )


def _explain_question(app: App) -> None:
    """Raise a Failure if the script waits for somebody to type."""
    try:
        app.load()
    except Failure as failure:
        expect(
            "EOFError" not in failure.message,
            "Your script asks a question and waits for somebody to type. No server starts "
            "meanwhile.",
            help="The task asks for a server that starts by itself. Take `input()` out, and write "
            "the value into the file: `socketio.run(app, port=5000)`.",
            line=failure.line,
        )


def _explain_thread(app: App) -> None:
    """Raise a Failure if the script ended while a thread was to run the server."""
    call = _thread_of_server(app)
    if call is None:
        return
    _, stopped, after = app.output.partition("Exception in thread")
    last = (after.strip().splitlines() or [""])[-1]
    if stopped:
        why = f"and that thread stopped with `{last[:200]}`"
    elif constant(call.keywords.get("daemon")) is True:
        why = "and with `daemon=True` that ends together with the script, which ended at once"
    elif call.name.endswith("_task"):
        why = "and a thread of this kind ends together with the script, which ended at once"
    else:
        why = "and your script ended before any server was there"
    raise Failure(
        f"Line {call.line} gives the server to a thread, {why}.",
        help="Start the server in the last line of the script itself, without a thread: "
        "`socketio.run(app, debug=True)`.",
        line=call.line,
    )


def _thread_of_server(app: App) -> Call | None:
    """Return the call that makes a thread whose function is, or calls, somebody's `run`."""
    running = {f.name for _, f in app.source.functions() if _names_run(f)}
    for name in THREADS:
        for call in app.source.calls(name):
            given = [*call.args, *call.keywords.values()]
            named = {part.id for part in given if isinstance(part, ast.Name)}
            if call.file == app.source.entry and (named & running or any(map(_names_run, given))):
                return call
    return None


def _names_run(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "run" for part in ast.walk(node))


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


def _loaded(app: App) -> Loaded | None:
    """Load the app; None where that fails, as it may although the script runs."""
    try:
        return app.load()
    except Failure:
        return None


def _calls_of_run(app: App) -> list[Call]:
    return [call for call in app.source.calls("run") if call.file == app.source.entry]


def _start_line(app: App) -> int | None:
    """The line of the script that calls somebody's `run`."""
    return next((call.line for call in _calls_of_run(app)), None)


def _served_line(app: App, loaded: Loaded) -> int | None:
    """The line of the script that was seen to start a server."""
    line = (loaded.served or {}).get("line")
    return next((call.line for call in _calls_of_run(app) if call.line == line), None)


def _line_with(app: App, option: str) -> int | None:
    """The line of the script that makes a SocketIO object with this option."""
    calls = [*app.source.calls("SocketIO"), *app.source.calls("init_app")]
    own = [call for call in calls if call.file == app.source.entry and option in call.keywords]
    return own[0].line if own else None
