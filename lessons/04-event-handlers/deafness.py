"""Why no function of the running app hears a message."""

from __future__ import annotations

import ast

from checker import Failure, Listener, Loaded, Source, line_in_entry, listeners, shown


def not_listening(source: Source, loaded: Loaded, here: list[Listener]) -> Failure:
    """Say why no handler of the running app was called."""
    bare = [found for found in listeners(source) if not found.brackets]
    if bare:
        return Failure(
            f"Line {bare[0].line} of `{bare[0].file}` marks a function with `.on` and names no "
            "event, so the function is never called.",
            help='Write the name of the event in brackets: `.on("message")`.',
            line=source.script_line(bare[0]),
        )
    elsewhere = [name for name, event in loaded.events if event == "message"]
    if elsewhere:
        return Failure(
            f"Your handler listens in the namespace `{elsewhere[0]}`. "
            "The clients send in the namespace `/`.",
            help="Leave `namespace=` out.",
            line=line_in_entry(source, "message"),
        )
    if here and loaded.socketio_count > 1:
        return Failure(
            f"`{here[0].file}` ties its handler to a SocketIO object that the running app "
            f"does not use: there are {loaded.socketio_count} of them.",
            help="Make the SocketIO object once, in a file that does not start anything, "
            "and import it from there in every other file.",
        )
    if here and here[0].file != source.entry and not here[0].inside:
        return Failure(
            f"`{here[0].file}` listens for `message`, and running the app never runs that file.",
            help="Import that file in `app.py`, below the line that makes the SocketIO object.",
        )
    if here:
        return not_reached(source, loaded, here[0])
    return not_marked(source) or nobody_listens(source, loaded)


def not_reached(source: Source, loaded: Loaded, handler: Listener) -> Failure:
    """Say why a handler in a file that runs was never tied to its event."""
    line = source.script_line(handler)
    if handler.inside:
        return Failure(
            f"Your handler stands inside the function `{handler.inside}`, "
            "and that function has not run when the message arrives.",
            help="Move the handler out of it: its `@` and its `def` stand at the left edge.",
            line=line,
        )
    started = (loaded.served or {}).get("line")
    if isinstance(started, int) and started < handler.line:
        return Failure(
            f"Your handler stands below line {started}, which starts the server. That line does "
            "not come back while the server runs, so what follows is not read.",
            help="Move the handler above the line that starts the server.",
            line=line,
        )
    return Failure(
        f"Line {handler.line} of `{handler.file}` marks a handler for `message`, "
        "and your app never comes to that line.",
        help="Move the handler to the left edge of the file, above the line that starts the "
        "server.",
        line=line,
    )


def not_marked(source: Source) -> Failure | None:
    """Say what is missing where a function was meant to be a handler and is none."""
    return mark_lacks_at(source) or class_not_used(source)


def mark_lacks_at(source: Source) -> Failure | None:
    """Find a call of `.on` that stands on a line of its own."""
    for node in ast.walk(source.tree() or ast.Module([], [])):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            continue
        call = node.value
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "on":
            continue
        if len(call.args) > 1:
            return Failure(
                f"Line {call.lineno} hands a function to `.on`, as in JavaScript. "
                "In Python nothing is tied to the event by that.",
                help='Write `@socketio.on("message")` on the line above your function.',
                line=call.lineno,
            )
        return Failure(
            f"Line {call.lineno} names an event and marks no function: the `@` is missing.",
            help="Write an `@` in front of it, directly above the `def` of your handler.",
            line=call.lineno,
        )
    return None


def class_not_used(source: Source) -> Failure | None:
    """Find a class of handlers that is not handed over, or whose functions have other names."""
    for node in ast.walk(source.tree() or ast.Module([], [])):
        bases = [ast.unparse(base) for base in node.bases] if isinstance(node, ast.ClassDef) else []
        if not isinstance(node, ast.ClassDef) or not any("Namespace" in base for base in bases):
            continue
        functions = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
        if "on_message" in functions and not source.calls("on_namespace"):
            return Failure(
                f"Your class `{node.name}` has a handler, and the SocketIO object was never told "
                "of that class.",
                help=f'Hand an object of it over: `socketio.on_namespace({node.name}("/"))`.',
                line=node.lineno,
            )
        if "message" in functions and "on_message" not in functions:
            return Failure(
                f"The function `message` of your class `{node.name}` is not called: "
                "in such a class, a handler's name begins with `on_`.",
                help="Name it `on_message`.",
                line=functions["message"].lineno,
            )
    return None


def nobody_listens(source: Source, loaded: Loaded) -> Failure:
    """Say which events the app listens for instead."""
    others = [event for space, event in loaded.events if space == "/"]
    others = [event for event in others if event not in ("connect", "disconnect")]
    if others and any(function.name == others[0] for _, function in source.functions()):
        return Failure(
            f"Your app listens for {shown(others[0])}, the name of a function of yours. "
            "The client sends 'message', so nothing is called.",
            help='Name the event in brackets: `@socketio.on("message")`. '
            "`@socketio.event` takes the name of the function in its place.",
            line=source.line_of(f"def {others[0]}"),
        )
    if others:
        return Failure(
            f"Your app listens for {' and '.join(map(shown, others[:3]))}. "
            "The client sends 'message', so nothing is called.",
            help="The two names are the same, letter by letter: small letters, no spaces.",
            line=source.line_of(others[0]),
        )
    return Failure(
        "A `message` arrived, and no function of your app listens for it.",
        help='Write a function with one parameter, and `@socketio.on("message")` above it.',
    )
