"""Why no client gets in."""

from checker import App, Failure, expect, ties

from .script import line_with, load_or_none

PATH = "socket.io"
"""Where clients look for Socket.IO."""


def explain_refusal(app: App, refused: Failure) -> None:
    """Raise a Failure that names the cause if the app says itself why no client gets in."""
    told = str(refused.observed)
    expect(
        "Invalid transport" not in app.output or "status code 400" not in told,
        f"{refused.message} The server turns away clients that use polling.",
        help="Allow both transports: leave `transports=` out of `SocketIO(…)`.",
        line=line_with(app, "transports"),
    )
    loaded = load_or_none(app)
    path = loaded.path if loaded else PATH
    option = "path" if line_with(app, "resource") is None else "resource"
    expect(
        "status code 404" not in told or path == PATH,
        f"Your app waits for clients at the path `/{path}`. A client asks at `/{PATH}`, unless it "
        "is told otherwise, and there your server answers with the status 404, *not found*.",
        help=f"Leave `{option}=` out of `SocketIO(…)`.",
        line=line_with(app, option),
    )
    _explain_connect_handler(app)


def _explain_connect_handler(app: App) -> None:
    """Raise a Failure if a pretended client does not get in either."""
    if load_or_none(app) is None:
        return
    try:
        app.connect(
            help="A function for `connect` that returns `False` turns every client away. Take "
            "that line out."
        )
    except Failure as failure:
        failure.line = failure.line or next((x for _, x in ties(app.source, "connect")), None)
        expect(
            failure.outcome != "timed_out",
            "A client waits until your function for `connect` has come to its end, and it does "
            "not come there. So no client gets in.",
            help="Let the function return at once: take the loop or the long wait out of it.",
            line=failure.line,
        )
        raise
