"""What to do about errors that say too little about it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager

from checker import Failure, Source

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
