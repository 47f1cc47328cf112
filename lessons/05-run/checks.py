"""Lesson 5: started as a script, a real server answers real clients, and debug mode is on."""

import contextlib

from checker import App, Client, Event, Failure, check, constant, expect, expect_equal

from .refusals import explain_refusal
from .script import start_line
from .silence import explain_flask_server, explain_silence, explain_stop
from .starting import started

CONNECTED = 5.0
"""Seconds for a client to connect to a server that is known to answer."""
ANSWERED = 5.0
"""Seconds for an answer. A healthy server takes milliseconds; a deaf one never answers."""


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
        line=start_line(app),
    )


@check(task=1, points=2, needs=import_starts_nothing)
def polling_client_is_answered(app: App) -> None:
    """Run as a script, the app answers a real client over polling."""
    server = started(app)
    try:
        client = server.connect(
            transport="polling",
            timeout=CONNECTED,
            help="The server runs, and something in your app turns its clients away. Take out what "
            "is not in the app of lesson 4.",
        )
    except Failure as refused:
        explain_flask_server(app, "polling")
        explain_refusal(app, refused)
        raise
    _expect_right(_answers(app, client, "polling"))


@check(task=1, points=2, needs=polling_client_is_answered)
def websocket_client_is_answered(app: App) -> None:
    """Run as a script, the app answers a real client over WebSocket."""
    server = started(app)
    try:
        client = server.connect(
            transport="websocket",
            timeout=CONNECTED,
            help="Polling works and WebSocket does not. Allow both transports: leave "
            "`transports=` out of `SocketIO(…)`.",
        )
    except Failure:
        explain_flask_server(app, "WebSocket")
        raise
    _expect_right(_answers(app, client, "WebSocket"))


@check(task=2, needs=polling_client_is_answered)
def debug_mode_is_on(app: App) -> None:
    """Debug mode is on: the debugger stands by."""
    if started(app).debugger:
        return
    for call in (*app.source.calls("SocketIO"), *app.source.calls("init_app")):
        expect(
            constant(call.keywords.get("debug")) is not True,
            "The server runs with debug mode off, although you give `debug=True` to "
            f"`{call.name.rpartition('.')[2]}(…)`.",
            help="`SocketIO` has no option `debug` and drops it without a word. `debug=True` "
            "belongs into the brackets of `socketio.run(…)`.",
            line=app.source.script_line(call),
        )
    raise Failure(
        "The server runs with debug mode off. The task asks for debug mode.",
        help="Give `debug=True` to the call that starts the server: "
        "`socketio.run(app, debug=True)`. What stands below that call comes too late.",
        line=start_line(app),
    )


# --- Conversations ----------------------------------------------------------------------------


def _answers(app: App, client: Client, transport: str) -> list[Event]:
    """Send two messages, one after the other, and return their answers."""
    try:
        return [_answer(app, client) for _ in range(2)]
    except Failure:
        explain_flask_server(app, transport)
        explain_stop(app)
        explain_silence(app)
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
