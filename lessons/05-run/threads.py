"""Servers that a script gives to a thread."""

import ast

from checker import App, Call, Failure, constant

from .script import last_line

THREADS = ("Thread", "Timer", "start_background_task")


def explain_thread(app: App) -> None:
    """Raise a Failure if the script ended while a thread was to run the server."""
    call = _thread_of_server(app)
    if call is None:
        return
    _, stopped, after = app.output.partition("Exception in thread")
    last = last_line(after)
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
    running = {function.name for function in app.source.functions_with(_is_run)}
    for name in THREADS:
        for call in app.source.calls(name):
            given = [*call.args, *call.keywords.values()]
            named = {part.id for part in given if isinstance(part, ast.Name)}
            if call.file == app.source.entry and (named & running or any(map(_names_run, given))):
                return call
    return None


def _names_run(node: ast.AST) -> bool:
    return any(map(_is_run, ast.walk(node)))


def _is_run(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "run"
