"""Lesson 5 names the cause: what a learner reads whose script starts no server, or a deaf one."""

import pytest

from checker.lesson import load_course
from checker.run import Pool
from tests.lessons.said import Said, expect_said

LESSON = next(lesson for lesson in load_course().lessons if lesson.slug == "05-run")
WITHOUT_THREAD = (
    "Start the server in the last line of the script itself, without a thread: "
    "`socketio.run(app, debug=True)`."
)
SAID: dict[str, Said] = {
    "run-above-the-handler": (
        "A client sent `message` and got no answer. Line 14 starts the server and does not come "
        "back, so Python never reads the handler in line 17.",
        "Move the lines that start the server to the end of the file. Every handler stands above "
        "them.",
        "socketio.run(app, debug=True)",
    ),
    "second-socketio-object": (
        "A client sent `message` and got no answer. Line 19 makes a second SocketIO object, and "
        "it takes the clients over. The handler in line 13 belongs to the first one, of line 5.",
        "Make the SocketIO object once, above the handlers: take the second one out.",
        'socketio = SocketIO(app, async_mode="threading")',
    ),
    "server-in-a-thread": (
        "Line 22 gives the server to a thread, and that thread stopped with `ValueError: signal "
        "only works in main thread of the main interpreter`.",
        WITHOUT_THREAD,
        "server = threading.Thread(target=socketio.run, —",
    ),
    "server-in-a-daemon-thread": (
        "Line 26 gives the server to a thread, and with `daemon=True` that ends together with the "
        "script, which ended at once.",
        WITHOUT_THREAD,
        "server = threading.Thread(target=start, daemon=True)",
    ),
    "server-in-a-background-task": (
        "Line 20 gives the server to a thread, and a thread of this kind ends together with the "
        "script, which ended at once.",
        WITHOUT_THREAD,
        "socketio.start_background_task(socketio.run, —",
    ),
    "server-in-a-thread-never-started": (
        "Line 22 gives the server to a thread, and your script ended before any server was there.",
        WITHOUT_THREAD,
        "server = threading.Thread(target=lambda: socketio.run(—",
    ),
    "path-of-its-own": (
        "Your app waits for clients at the path `/chat`. A client asks at `/socket.io`, unless it "
        "is told otherwise, and there your server answers with the status 404, *not found*.",
        "Leave `path=` out of `SocketIO(…)`.",
        'socketio = SocketIO(app, async_mode="threading", path="/chat")',
    ),
    "websocket-only": (
        "A client could not connect over polling: ConnectionError: Unexpected status code 400 in "
        "server response. The server turns away clients that use polling.",
        "Allow both transports: leave `transports=` out of `SocketIO(…)`.",
        'socketio = SocketIO(app, async_mode="threading", transports=["websocket"])',
    ),
    "connect-never-ends": (
        "A client waits until your function for `connect` has come to its end, and it does not "
        "come there. So no client gets in.",
        "Let the function return at once: take the loop or the long wait out of it.",
        '@socketio.on("connect")',
    ),
    "connect-refuses": (
        "Your app did not let a client connect to '/'.",
        "A function for `connect` that returns `False` turns every client away. Take that line "
        "out.",
        '@socketio.on("connect")',
    ),
    "clients-turned-away": (
        "A client could not connect over polling: ConnectionError: Unexpected status code 403 in "
        "server response.",
        "The server runs, and something in your app turns its clients away. Take out what is not "
        "in the app of lesson 4.",
        "",
    ),
    "asks-for-the-port": (
        "Your script asks a question and waits for somebody to type. No server starts meanwhile.",
        "The task asks for a server that starts by itself. Take `input()` out, and write the "
        "value into the file: `socketio.run(app, port=5000)`.",
        'port = int(input("Which port? "))',
    ),
    "host-is-a-url": (
        "No server started: `host` is `'http://127.0.0.1'`, and no machine has that address.",
        "A host is an address alone, without `http://` and without a port: "
        '`host="127.0.0.1"`. Or leave it out.',
        'socketio.run(app, host="http://127.0.0.1", debug=True)',
    ),
    "host-of-another-machine": (
        "No server started: `host` is `'203.0.113.7'`, and your machine does not have that "
        "address.",
        "`host` says at which of the addresses of your own machine the server waits: "
        '`host="127.0.0.1"`, or `host="0.0.0.0"` for all that it has. Or leave it out.',
        'socketio.run(app, host="203.0.113.7", debug=True)',
    ),
    "handler-stops": (
        "While answering the event 'message', your app raised TypeError: Namespace.emit() got an "
        "unexpected keyword argument 'to'",
        "`self.emit` and `self.send` of a namespace class call it `room=`; only the others know "
        "`to=`. Write `room=request.sid` in place of `to=request.sid`, or use the `emit` that you "
        "import, which answers the sender by itself.",
        'self.emit("response", {"data": "Message received!"}, to=request.sid)',
    ),
    "database-of-another-thread": (
        "A client sent `message` and got no answer. Your server stopped on the way: "
        "sqlite3.ProgrammingError: SQLite objects created in a thread can only be used in that "
        "same thread. —.",
        "Each client has a thread of its own, and some things work only in the thread in which "
        "they were made. Make what the named line needs in the handler itself.",
        'database.execute("INSERT INTO messages VALUES (?)", (data,))',
    ),
    "debug-with-a-capital": (
        "Your script ended before a server listened (exit status 1). The last line that it "
        "printed: TypeError: run_simple() got an unexpected keyword argument 'Debug'",
        "`Debug` was given to the call that starts the server, and the server knows no option of "
        "that name. Capitals and underscores count. The option is called `debug`: write it so, "
        "letter by letter.",
        "socketio.run(app, Debug=True)",
    ),
}
"""A mistake to message, help, and the line that is shown."""

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(stages: Pool, name: str) -> None:
    expect_said(LESSON, stages, name, SAID[name])
