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
def test_what_is_said(stages: Pool, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    if name == "asks-for-the-port":  # It starts no server, however long one waits.
        package = LESSON.checks()[0].function.__module__.rpartition(".")[0]
        monkeypatch.setattr(f"{package}.starting.START", 5.0)
    expect_said(LESSON, stages, name, SAID[name])
