"""What must bring no `response`: clients that come and go, and events of other names."""

from __future__ import annotations

from contextlib import suppress

from checker import App, Client, Failure, Loaded, expect, line_inside, listeners

from .conversation import collect, settle, shown_events, suppress_crash


def bystander_hears_nothing(app: App, bystander: Client) -> None:
    """Let a client come and go, and expect that another gets no `response` of that."""
    other = app.connect()
    other.received()
    with suppress(Failure):  # What it does when a client leaves is not asked for.
        other.disconnect()
    settle(app, bystander, 0.03)
    heard = [event for event in bystander.received() if event.name == "response"]
    expect(
        not heard,
        "A client came and left, and nobody sent a message. "
        f"Another client got {shown_events(heard)}.",
        help="Leave `response` for answers. To tell who comes and leaves, use another name.",
        line=line_inside(app.source, "disconnect", "response")
        or line_inside(app.source, "connect", "response")
        or app.source.line_of("response"),
    )


def own_events(loaded: Loaded) -> list[str]:
    """Return the other events that the app listens for."""
    usual = ("message", "connect", "disconnect", "*")
    return [event for space, event in loaded.events if space == "/" and event not in usual]


def other_event_is_not_answered(app: App, name: str) -> None:
    """Send an event that the app listens for besides, and expect no `response`."""
    try:
        client = app.connect()
        client.received()
        with suppress_crash():
            client.emit(name, app.nonce())
        answers, _ = collect(app, client, 1)
    except Failure:
        return  # What else it does is its own business.
    expect(
        not answers,
        f"A client sent the event {name!r}, and your app answered it with `response`. "
        "The task asks for that answer to a `message` alone.",
        help="Listen for `message` alone in that handler, or give the other event another answer.",
        line=next((item.line for item in listeners(app.source) if item.event == name), None),
    )
