"""One Socket.IO client, as a check sees it: a test client or a real one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.check import Failure, shown
from checker.link import Link, Packet, shape
from checker.report import Json

MOST_TAKEN = 10_000
"""Events that are read for one client; a stage that tells of more was patched."""
MAX_NAME = 200
"""Characters of an event's name that are kept."""
ORDER_TIMEOUT = 5.0
"""Seconds that one handler may take before the check gives up."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event that arrived; ``at`` is in seconds since the client connected."""

    name: str
    args: tuple[Json, ...]
    namespace: str = "/"
    at: float = 0.0

    @property
    def data(self) -> Json:
        """The first argument, or None when the event came without any."""
        return self.args[0] if self.args else None


class Client:
    """A connected client. Events that a check did not ask for stay until it drains them."""

    def __init__(
        self, link: Link, number: int, namespace: str, opened: Mapping[str, Any], *, live: bool
    ) -> None:
        """Speak for client ``number`` of the stage behind ``link``."""
        self._link = link
        self._number = number
        self._namespace = namespace
        self._pending: list[Event] = []
        self._taken = 0
        self._live = live
        self.connected = bool(opened.get("connected"))
        self.transport: str | None = opened.get("transport")
        self.sid: str | None = opened.get("sid")

    def emit(self, event: str, *data: Json) -> None:
        """Send one event."""
        self._send(event, data, 0.0)

    def call(self, event: str, *data: Json, within: float = 3.0) -> Json:
        """Send one event and return what its handler answered within so many seconds, or None."""
        answer: Json = self._send(event, data, within).get("ack")
        return answer

    def _send(self, event: str, data: tuple[Json, ...], ack: float) -> Mapping[str, Any]:
        self._link.watch.on_packet(Packet("in", self._namespace, event, list(data)))
        answer = self._link.ask(
            f"answering the event {event!r}",
            ack + ORDER_TIMEOUT,
            do="emit",
            client=self._number,
            event=event,
            data=list(data),
            ack=ack if self._live else bool(ack),
        )
        if "unsent" in answer:
            raise Failure(
                f"Your app closed the connection of a client, so it could not send {event!r}.",
                help="A client stays connected until it leaves by itself. Look for what sends it "
                "away, such as a call of `disconnect`.",
            )
        return answer

    def receive(self, event: str, *, help: str, within: float = 1.0) -> Event:
        """Return the next ``event``, waiting up to ``within`` seconds; else raise `Failure`."""
        end = time.monotonic() + within
        still = False
        while True:
            self._open_mail()
            for index, item in enumerate(self._pending):
                if item.name == event:
                    return self._pending.pop(index)
            left = end - time.monotonic()
            if left <= 0 or still:
                break
            still = self._drain(left, event)
        raise Failure(
            f"Your app did not send the event {event!r}. {self._instead()}",
            help=help,
            expected=event,
            observed=[item.name for item in self._pending],
        )

    def _instead(self) -> str:
        if not self._pending:
            return "It sent nothing."
        sent = ", ".join(f"{item.name!r} with {shown(item.data, 80)}" for item in self._pending[:3])
        return f"It sent {sent}."

    def received(self) -> tuple[Event, ...]:
        """Return and forget all that has arrived so far."""
        self._drain(0.0, None)
        events, self._pending = tuple(self._pending), []
        return events

    def expect_silence(self, *, help: str, within: float = 0.05) -> None:
        """Raise `Failure` if anything is there, or arrives within ``within`` seconds."""
        self._drain(within, None)
        if self._pending:
            raise Failure(
                f"Nothing was to be sent here. {self._instead().replace('It', 'Your app', 1)}",
                help=help,
                expected=[],
                observed=[item.name for item in self._pending[:20]],
            )

    def disconnect(self) -> None:
        """Say goodbye."""
        self._link.ask("disconnecting", ORDER_TIMEOUT, do="disconnect", client=self._number)
        self.connected = False

    def _drain(self, wait: float, event: str | None) -> bool:
        """Take what arrived; return whether nothing more can arrive unless the app is asked."""
        if self._link.still and not self._live:
            self._open_mail()
            return True
        answer = self._link.ask(
            "sending events",
            wait + ORDER_TIMEOUT,
            do="received",
            client=self._number,
            wait=wait,
            event=event,
        )
        self._read(answer)
        self._open_mail()
        return self._link.still

    def _open_mail(self) -> None:
        """Read what answers to other orders told of this client."""
        for news in () if self._live else self._link.mail(self._number):
            self._read(news)

    def _read(self, news: Mapping[str, Any]) -> None:
        """Keep the events that are told of; raise `Failure` where they were too many."""
        events = shape(list, news.get("events", []))
        self._taken += len(events)
        if self._taken > MOST_TAKEN:
            raise flooded(self._taken)
        for item in events:
            self._pending.append(self._event(item))
        self.connected = news.get("connected") is True
        if news.get("dropped"):
            raise flooded(len(self._pending))

    def _event(self, item: object) -> Event:
        fields = shape(dict, item)
        event = Event(
            shape(str, fields.get("name"))[:MAX_NAME],
            tuple(shape(list, fields.get("args"))),
            str(fields.get("ns", "/")),
            shape(float, fields.get("at")),
        )
        self._link.watch.on_packet(Packet("out", event.namespace, event.name, list(event.args)))
        return event


def flooded(taken: int) -> Failure:
    """Return the failure of an app that sends more than the ``taken`` events of one client."""
    if not taken:
        return Failure(
            "Your app sent more to one client than can be read.",
            help="Send what the task asks for, and nothing besides.",
        )
    return Failure(
        f"Your app sent more than {taken:,} events to one client.",
        help="Send one answer for each message that arrives.",
    )
