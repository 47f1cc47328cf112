"""Ticks: asked for, awaited, counted, and why they do not come as they are to."""

import ast

from checker import App, Client, Event, Failure, Server, constant, expect, expect_equal

from .conversation import Asked, ask, response
from .mode import LIBRARIES, mode_of
from .patches import patch_calls
from .silence import Silence, awaited
from .tasks import explain_result, starting_calls

GAPS = (0.15, 0.9)
"""Seconds from one tick to the next: 0.3, and some for the way."""


def tick_round(app: App, server: Server, client: Client) -> tuple[list[Event], bool]:
    """Ask for ticks; return three of them, and whether a message in between was answered."""
    client.received()  # what came before is no answer
    asked = ask(server, client, "start_ticks", "tick")
    ticks = [next_tick(app, asked)]
    client.emit("message", app.nonce())
    ticks += [next_tick(app, asked) for _ in range(2)]
    _expect_counts(ticks)
    return ticks, response(client, within=2.0).at < ticks[2].at


def ticks_meanwhile(app: App, asked: Asked) -> list[Event]:
    """Three ticks of a client that asked while another one's were running."""
    ticks: list[Event] = []
    try:
        while len(ticks) < 3:
            ticks.append(next_tick(app, asked))
    except Silence:
        raise Failure(
            "One client sent `start_ticks` and got its three ticks. Another one sent `start_ticks` "
            f"meanwhile and got {len(ticks) or 'none'}.",
            help="Start new work each time somebody asks. Look for a variable that all handlers "
            "share, such as a note that the work is running already.",
            line=next((call.line for call in starting_calls(app)), None),
        ) from None
    return ticks


def next_tick(app: App, asked: Asked) -> Event:
    """Return the next tick; else say why it did not come."""
    try:
        return awaited(
            app,
            asked,
            within=2.5,
            help="Listen for `start_ticks`, and let it start work that sends three `tick` events "
            'with `socketio.emit("tick", …, to=sid)`.',
        )
    except Silence:
        _explain_plain_thread(app)
        explain_result(app, asked.printed)
        raise


def gaps(ticks: list[Event]) -> tuple[float, float]:
    """Return the seconds from each of three ticks to the next."""
    return ticks[1].at - ticks[0].at, ticks[2].at - ticks[1].at


def uneven(ticks: list[Event]) -> bool:
    """Whether ticks came earlier or later than the task asks for."""
    return not all(GAPS[0] <= gap <= GAPS[1] for gap in gaps(ticks))


def expect_own_counts(app: App, ticks: list[Event]) -> None:
    """Raise a Failure if a client's ticks are counted together with another client's."""
    try:
        _expect_counts(ticks)
    except Failure as failure:
        nodes = ast.walk(app.source.tree() or ast.Module([], []))
        shared = [node.lineno for node in nodes if isinstance(node, ast.Global)]
        raise Failure(
            f"Two clients asked for ticks at the same time. {failure.message}",
            help="Each client's ticks count for themselves. Count in a variable of the function "
            "that sends them: one that stands outside belongs to all clients together.",
            line=shared[0] if len(shared) == 1 else None,
            expected=failure.expected,
            observed=failure.observed,
        ) from None


def _expect_counts(ticks: list[Event]) -> None:
    for number, tick in enumerate(ticks, start=1):
        expect_equal(
            tick.data,
            {"count": number},
            what=f"The payload of tick {number}",
            help='A client\'s ticks carry `{"count": 1}`, `{"count": 2}` and `{"count": 3}`, '
            "in this order, each time it asks.",
        )


def _explain_plain_thread(app: App) -> None:
    thread = next(iter(app.source.calls("threading.Thread")), None)
    mode = mode_of(app)
    expect(
        thread is None or bool(patch_calls(app)) or mode not in LIBRARIES,
        f"A tick did not come. The mode is {mode}, nothing is patched, and the work runs in "
        "a thread of Python's own.",
        help="What such a thread sends is not noticed by the loop that serves the clients. Start "
        "the work with `socketio.start_background_task(…)`.",
        line=thread.line if thread else None,
    )


def explain_other_client(app: App, other: Client) -> None:
    """Raise a Failure if the ticks that did not come went to another client."""
    strays = [event for event in other.received() if event.name == "tick"]
    sends = [call for call in app.source.calls("emit") if "tick" in map(constant, call.args)]
    expect(
        not strays,
        "A client sent `start_ticks`, and its ticks went to another client, which had connected "
        "later.",
        help="Send to the client that asked: read `request.sid` in the handler for `start_ticks`, "
        "and hand it to the task as an argument. A variable that all handlers share knows one "
        "client only.",
        line=app.source.script_line(next(iter(sends), None)),
    )
