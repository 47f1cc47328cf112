"""The script as a server, and why it does not become one."""

import ast
import re

from checker import App, Failure, Server, constant, expect

from .script import calls_of_run, last_line, start_line
from .threads import explain_thread

START = 20.0
"""Seconds for a server to come up: with debug mode on, two processes have to."""
NOT_MINE = ("Cannot assign requested address", "Can't assign requested address")
NO_SUCH_HOST = ("Name or service not known", "nodename nor servname", "gaierror", "host not found")


def started(app: App) -> Server:
    """Run the script until it takes requests.

    In debug mode a first process may hold the port before a second one answers there, so a page
    is fetched before any client connects.
    """
    _refuse_mode_for_run(app)
    if app.source.calls("input"):
        _explain_question(app)
    try:
        server = app.serve(timeout=START)
        server.get("/", timeout=START)
    except Failure as problem:
        _explain_second_reading(app)
        _explain_host(app)
        if problem.outcome == "timed_out":
            _explain_question(app)
        if problem.outcome == "failed":
            explain_thread(app)
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
            line=app.source.script_line(call),
        )


def _explain_second_reading(app: App) -> None:
    """Raise a Failure if the script ran once and stopped when the reloader started it again."""
    _, restarted, after = app.output.partition("Restarting with")
    last = last_line(after)
    lines = re.findall(rf'{re.escape(app.source.entry)}", line (\d{{1,7}})\b', after)
    stopped = lines and int(lines[-1]) != start_line(app)
    expect(
        not (restarted and stopped),
        f"Your script was read once, and stopped when it was read again: `{last}`.",
        help="In debug mode the reloader starts your script a second time. What it does while it "
        "is read must be possible twice; or switch that off with `use_reloader=False`.",
        line=int(lines[-1]) if lines else None,
    )


def _explain_host(app: App) -> None:
    """Raise a Failure if the server is to wait at an address that does not exist."""
    elsewhere = any(text in app.output for text in NOT_MINE)
    if not elsewhere and not any(text in app.output for text in NO_SUCH_HOST):
        return
    for call in calls_of_run(app):
        host = call.keywords.get("host")
        shown = ast.unparse(host)[:80] if host else ""
        expect(
            host is None or not elsewhere,
            f"No server started: `host` is `{shown}`, and your machine does not have that address.",
            help="`host` says at which of the addresses of your own machine the server waits: "
            '`host="127.0.0.1"`, or `host="0.0.0.0"` for all that it has. Or leave it out.',
            line=call.line,
        )
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
    line = start_line(app)
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
