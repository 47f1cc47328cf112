"""Why a client has no answer, although a server runs."""

from checker import App, Failure, expect, last_stop, socketio_objects, ties

from .script import load_or_none, served_line, start_line


def explain_flask_server(app: App, transport: str) -> None:
    """Raise a Failure that names the cause if Flask's own server is why no answer comes."""
    loaded = load_or_none(app)
    if loaded is None or loaded.served is None or loaded.served.get("by") != "app.run":
        return
    expect(
        loaded.async_mode is not None,
        f"A client that used {transport} had no answer. No SocketIO object of your app belongs to "
        "the Flask app that the script starts.",
        help="Make the object for the app that you start, `SocketIO(app, …)`, and start it with "
        "`socketio.run(app, …)`.",
        line=start_line(app),
    )
    expect(
        loaded.async_mode == "threading",
        f"A client that used {transport} had no answer. The `async_mode` is "
        f"{loaded.async_mode}, and the script starts Flask's own server with `run()`.",
        help="Flask's own server never gives such a mode its turn. Let the SocketIO object start "
        "the server that fits: `socketio.run(app, debug=True)` in place of `app.run(…)`.",
        line=start_line(app),
    )
    expect(
        loaded.served.get("keywords", {}).get("threaded") is not False,
        f"A client that used {transport} had no answer. The script starts Flask's "
        "server with `threaded=False`.",
        help="A polling client has one request waiting on the server while it sends with another, "
        "and `threaded=False` allows one at a time. Take it out.",
        line=start_line(app),
    )


def explain_stop(app: App) -> None:
    """Raise a Failure if the learner's own code stopped with an error on the way to the answer.

    What stops for a pretended client as well is explained by the error itself.
    """
    stop = last_stop(app.output, app.files)
    if stop is None or load_or_none(app) is None:
        return
    try:
        app.connect().emit("message", app.nonce())
    except Failure as failure:
        if failure.outcome == "crashed":
            raise
    raise Failure(
        "A client sent `message` and got no answer. Your server stopped on the way: "
        f"{stop.words.removesuffix('.')}.",
        help="Each client has a thread of its own, and some things work only in the thread in "
        "which they were made. Make what the named line needs in the handler itself.",
        line=stop.line if stop.file == app.source.entry else None,
    )


def explain_silence(app: App) -> None:
    """Raise a Failure that names the line because of which nobody listens for `message`."""
    loaded = load_or_none(app)
    if loaded is None:
        return
    start = served_line(app, loaded)
    heard = {("/", "message"), ("/", "*")} & set(loaded.events)
    objects = list(socketio_objects(app.source))
    for name, line in ties(app.source, "message"):
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
