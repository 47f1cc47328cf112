"""Talks with the app: a message is sent, answers are gathered, errors may wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from checker import App, Client, Event, Failure, shown

from .advice import advice


def seconds_to_connect(app: App) -> float:
    """Connect a client and return how long it took."""
    begun = time.monotonic()
    with advice(app.source, "connect"):
        app.connect(
            help="A function for `connect` that returns `False` turns every client away. "
            "Take that line out."
        )
    return time.monotonic() - begun


def delivered(app: App, client: Client, payload: Any) -> Failure | None:
    """Send one `message`; return the error with which the handler stopped, if it did.

    A handler may print first and stop later: what it printed is there all the same.
    """
    try:
        with advice(app.source, "message"):
            client.emit("message", payload)
    except Failure as failure:
        if failure.outcome != "crashed":
            raise
        return failure
    return None


def collect(app: App, client: Client, count: int) -> tuple[list[Event], list[Event]]:
    """Wait for ``count`` answers and a little longer; return the answers and all else."""
    answers = []
    try:
        for _ in range(count):
            answers.append(client.receive("response", help="-"))
    except Failure as failure:
        if failure.outcome != "failed":
            raise
    settle(app, client, 0.03)
    rest = client.received()
    answers += [event for event in rest if event.name == "response"]
    return answers, [event for event in rest if event.name != "response"]


def settle(app: App, client: Client, seconds: float) -> None:
    """Let the app work for a while. What it sends stays there to be read."""
    try:
        client.receive(app.nonce(), within=seconds, help="-")
    except Failure as failure:
        if failure.outcome != "failed":
            raise


@contextmanager
def suppress_crash() -> Iterator[None]:
    """Go on after an error in the learner's code."""
    try:
        yield
    except Failure as failure:
        if failure.outcome != "crashed":
            raise


def shown_events(events: list[Event]) -> str:
    """Write the first of some events."""
    return f"the event {events[0].name!r} with {shown(events[0].data, 80)}" if events else ""
