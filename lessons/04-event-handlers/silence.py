"""Why the client that sent a message got no answer."""

from __future__ import annotations

import ast
from collections import deque

from checker import (
    App,
    Client,
    Event,
    Failure,
    Source,
    constant,
    line_in_entry,
    listeners,
    shown,
    socketio_objects,
)

SLASH = ast.Constant("/")
"""The namespace in which `emit` sends when none is given."""


def not_answered(app: App, client: Client, others: list[Event]) -> Failure:
    """Say what the app did instead of answering."""
    if others:
        return Failure(
            f"Your app answered with the event {others[0].name!r}. The task asks for 'response'.",
            help='The first thing in the brackets of `emit` is the name of the event: "response".',
            line=app.source.line_of("emit(") or app.source.line_of("send("),
        )
    if elsewhere := sent_elsewhere(app.source):
        return elsewhere
    if "Working outside of" in app.output:
        return Failure(
            "Your app calls `emit` where no event is being handled, so it cannot know "
            "which client to answer.",
            help="Call `emit` in the handler itself, and not in a thread that it starts.",
            line=app.source.line_of("emit("),
        )
    if late := below_return(app.source):
        return Failure(
            f"Line {late} calls `emit`, and your handler never comes to it: "
            "a function ends at its `return`.",
            help="Move that line above the `return`.",
            line=late,
        )
    returned = client.call("message", app.nonce())
    if returned is not None:
        return Failure(
            f"Your handler returns {shown(returned)}. Returning sends no event.",
            help='Call `emit("response", …)` with that value in place of `return`.',
            line=app.source.line_of("return {") or app.source.line_of("    return"),
        )
    if second := made_or_handled_twice(app.source):
        return second
    return Failure(
        "A `message` arrived, and the client that sent it got no answer.",
        help='Call `emit("response", …)` inside the handler.',
    )


def made_or_handled_twice(source: Source) -> Failure | None:
    """Find a second handler, or a second SocketIO object, that takes the place of the first."""
    handlers = [found for found in listeners(source) if found.event == "message"]
    if len(handlers) > 1:
        return Failure(
            f"{len(handlers)} functions listen for `message`, and only the last of them is "
            "called. It sends no answer.",
            help="Put everything that is to happen into one handler.",
            line=line_in_entry(source, "message"),
        )
    objects = list(socketio_objects(source))
    if len(objects) > 1:
        return Failure(
            f"Line {objects[-1][1]} makes a second SocketIO object for the same app, and `emit` "
            "sends through that one. The client talks to the first.",
            help="Make the SocketIO object once: take the second one out.",
            line=objects[-1][1],
        )
    return None


def sent_elsewhere(source: Source) -> Failure | None:
    """Find a call of `emit` whose options keep the answer from the sender."""
    calls = source.calls("emit")
    if spaces := [call for call in calls if constant(call.keywords.get("namespace", SLASH)) != "/"]:
        return Failure(
            "Your app sends its answer into a namespace in which the client is not.",
            help="Leave `namespace=` out of `emit`.",
            line=source.script_line(spaces[0]),
        )
    if left_out := [
        call for call in calls if constant(call.keywords.get("include_self", SLASH)) is False
    ]:
        return Failure(
            "Your app sends its answer to everybody except the client that sent the message: "
            "that is what `include_self=False` means.",
            help='Leave both options out: `emit("response", …)` answers the sender alone.',
            line=source.script_line(left_out[0]),
        )
    if away := [call for call in calls if {"to", "room"} & call.keywords.keys()]:
        return Failure(
            "Your app sends its answer to somebody, and the client that sent the message "
            "is not among them.",
            help="Leave `to=` out: the bare `emit` answers the client whose message it is.",
            line=source.script_line(away[0]),
        )
    return None


def below_return(source: Source) -> int | None:
    """Return the line of an `emit` in the script that stands below a `return` of its block."""
    waiting: deque[ast.AST] = deque([source.tree() or ast.Module([], [])])
    while waiting:
        node = waiting.popleft()
        block = getattr(node, "body", None)
        ended = False
        below: set[ast.AST] = set()
        for statement in block if isinstance(block, list) else []:
            if ended and any(map(_emits, ast.walk(statement))):
                return int(statement.lineno)
            if ended:
                below.add(statement)
            ended = ended or isinstance(statement, ast.Return | ast.Raise)
        # What was just read to its end holds no `emit`, and is not read again at each depth.
        waiting.extend(inner for inner in ast.iter_child_nodes(node) if inner not in below)
    return None


def _emits(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return str(name).endswith("emit")
