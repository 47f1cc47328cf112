"""What to do about an error that says too little about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from checker import Failure, Source, line_in_entry, line_inside

ADVICE = {
    "'Flask' object has no attribute 'on'": "Events belong to the SocketIO object: write its name "
    "before `.on`, for instance `@socketio.on`.",
    "name 'emit' is not defined": "Import `emit` from `flask_socketio`, beside `SocketIO`.",
    "multiple values for argument 'to'": "Give `emit` two things: the name of the event, and one "
    "payload. A dictionary is written with braces and a colon.",
    "'dict' object has no attribute": "A payload may be an object, which arrives as a dictionary. "
    "Print it as it is; `print` can show every kind of value.",
    "'int' object": "A payload may be a number, or a list. "
    "Print it as it is; `print` can show every kind of value.",
    "cannot import name 'emit' from 'flask'": "`emit` comes from another package: "
    "write `from flask_socketio import SocketIO, emit` on a line of its own.",
    "'SocketIO' object has no attribute 'on_": "The name of the event stands in brackets: "
    '`@socketio.on("message")`.',
    ".on_message() takes 1 positional argument but 2": "The first parameter of a function in a "
    "class is the object itself: write `def on_message(self, data):`.",
    "emit() got an unexpected keyword argument 'to'": "The `emit` of your class does not know "
    "`to=`. Call the bare `emit` of `flask_socketio`, which answers the sender alone.",
    "be used with a message queue": "The checks run your app alone, without such a queue. "
    "Take the option `message_queue` out.",
}
"""Part of an error's text to what helps."""
SUSPECTS = {
    ".on_message() takes 1 positional": "def on_message(",
    "argument 'to'": "to=",
    "message queue": "message_queue",
}
"""Part of an error's text to what the line holds that it is about."""
WAITS = ("sleep(", "input(", "while True")


@contextmanager
def advice(source: Source, event: str | None = None) -> Iterator[None]:
    """Tell a learner what to do about an error that says too little about it."""
    try:
        yield
    except Failure as failure:
        for part, help in ADVICE.items():
            if part in failure.message:
                failure.help = help
        for part, text in SUSPECTS.items():
            if part in failure.message:
                failure.line = failure.line or source.line_of(text)
        if failure.line is None and "'NoneType' object is not callable" in failure.message:
            failure.help = "What stands above your handler with an `@` gave nothing back. "
            failure.help += "End that function with `return` and the name of its inner function."
        if event and failure.outcome == "timed_out":
            failure.line = line_inside(source, event, *WAITS)
        if event and failure.line is None:
            failure.line = line_in_entry(source, event)
        raise
