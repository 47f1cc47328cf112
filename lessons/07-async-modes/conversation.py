"""Talks with the app's own server: clients connect, ask, and are answered."""

from dataclasses import dataclass

from checker import App, Client, Event, Failure, Server, expect

START = 20.0
"""Seconds for a server to come up on a busy machine."""


def served(app: App) -> Server:
    """Run the script until it takes requests: a reloader may hold the port before that."""
    server = app.serve(timeout=START)
    server.get("/", timeout=START)
    return server


def connected(app: App, server: Server) -> Client:
    """Connect a client over WebSocket; Flask's own server is named if that is why it fails."""
    try:
        return server.connect(timeout=5.0)
    except Failure:
        loaded = app.load()
        expect(
            (loaded.served or {}).get("by") != "app.run",
            "A client could not connect over WebSocket. The script starts Flask's own server, and "
            f"the mode is {loaded.async_mode}.",
            help="Let the SocketIO object start the server that fits the mode: "
            "`socketio.run(app)` in place of `app.run(…)`.",
            line=next((call.line for call in app.source.calls("run")), None),
        )
        raise


def answer(app: App, client: Client) -> Event:
    """Send `message`, and return its `response`."""
    client.emit("message", app.nonce())
    return response(client, within=4.0)


def response(client: Client, *, within: float) -> Event:
    """Return the `response` to a `message` that was sent before."""
    return client.receive(
        "response",
        within=within,
        help="Keep the handler of lesson 4: each `message` is answered with one `response`.",
    )


@dataclass(frozen=True)
class Asked:
    """An event that a client sent, and the one that is to come; ``since``: printed by then."""

    server: Server
    client: Client
    event: str
    awaited: str
    since: int

    @property
    def printed(self) -> str:
        """What the server printed after the event was sent."""
        return self.server.output[self.since :]


def ask(server: Server, client: Client, event: str, awaited: str) -> Asked:
    """Send an event without a payload, as the task says."""
    asked = Asked(server, client, event, awaited, len(server.output))
    client.emit(event)
    return asked
