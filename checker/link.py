"""Between a check and a stage: orders go in, and what goes wrong comes back as a `Failure`.

An answer from a stage is untrusted: it is read against the shape that is expected, and one that
does not fit counts as a crash of the learner's app.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from checker.blame import frames
from checker.check import Crash, TimedOut
from checker.explain import explain
from checker.report import Json, bounded
from checker.stage.channel import StageGone, StageTimeout
from checker.stage.process import Stage

T = TypeVar("T")

_TAIL = 20_000
"""Characters at the end of an app's output in which a cause is looked for."""
_MAX_LINE = 9_999_999
"""The last line that a frame may name: seven digits, as `checker.blame` reads them."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One Socket.IO event on its way: ``in`` to the app, or ``out`` of it."""

    direction: str
    namespace: str
    event: str
    data: Json


@dataclass
class Watch:
    """What a run wants to hear of, and how long it may take."""

    lesson: int = 99
    entry: str = "app.py"
    deadline: float = field(default_factory=lambda: time.monotonic() + 60)
    on_packet: Callable[[Packet], None] = lambda packet: None

    def left(self, wanted: float) -> float:
        """Return ``wanted`` seconds, or what is left of the check's time."""
        return max(0.05, min(wanted, self.deadline - time.monotonic()))


class Link:
    """Asks one stage on behalf of a check."""

    def __init__(self, stage: Stage, watch: Watch, *, ours: bool = False) -> None:
        """Ask ``stage``; failures name lines of the entry script of ``watch``.

        ``ours`` tells that no learner's code shares the process, so that it may say of itself that
        it is broken.
        """
        self._stage = stage
        self._ours = ours
        self._mail: dict[int, list[Mapping[str, Any]]] = {}
        self.watch = watch
        self.still = False
        """Whether nothing more can arrive for a client until the app is asked, as it says itself.

        Like all that it says, that may be forged; then it hides what it sent, as it could anyway.
        """

    @property
    def printed(self) -> str:
        """What the app printed so far."""
        return self._stage.channel.printed

    def ask(
        self, doing: str, limit: float, /, descriptors: Sequence[int] = (), **order: Any
    ) -> Mapping[str, Any]:
        """Send one order; ``doing`` completes the sentence "While …" or "Your app … while …".

        Raises `Crash` when the learner's code raised or its process ended, `TimedOut` when it did
        not come back, RuntimeError when our own code inside failed.
        """
        seconds = self.watch.left(limit)
        self.still = False
        try:
            answer = self._stage.ask(seconds, descriptors, **order)
        except StageTimeout:
            raise self._late(doing, seconds) from None
        except StageGone as gone:
            ending = self._stage.end(grace=0.3)
            cause = ending.sentence() if "ended" in str(gone) else str(gone)
            raise self.crash(f"Your app ended while {doing}: {cause}.") from None
        if "broken" in answer and self._ours:
            raise RuntimeError(str(answer["broken"]))
        if "unsendable" in answer:
            raise self.crash(
                f"While {doing}, your app handed over something that is no JSON: "
                f"{bounded(str(answer['unsendable']))}."
            )
        if "raised" in answer:
            raise self._raised(doing, answer["raised"])
        return self._sort(shape(dict, answer.get("ok")))

    def _sort(self, answer: dict[str, Any]) -> Mapping[str, Any]:
        """Put aside what an answer tells of events that arrived, for the clients that ask."""
        for item in shape(list, answer.pop("news", [])):
            news = shape(dict, item)
            self._mail.setdefault(shape(int, news.get("client")), []).append(news)
        self.still = answer.get("still") is True
        return answer

    def mail(self, client: int) -> list[Mapping[str, Any]]:
        """Return and forget what was told of a client's events: ``events``, ``connected``, …"""
        return self._mail.pop(client, [])

    def advice(self, text: str | None = None) -> str | None:
        """Return cause and fix of the trap that ``text``, or what the app printed, tells of."""
        looked_at = (self.printed if text is None else text)[-_TAIL:]
        known = explain(looked_at, lesson=self.watch.lesson)
        return f"{known.cause} {known.fix}" if known else None

    def _late(self, doing: str, seconds: float) -> TimedOut:
        self._stage.end()
        return TimedOut(
            f"Your app did not come back within {seconds:.0f} seconds while {doing}.",
            help=self.advice()
            or "Look for a loop that does not end, a long wait, or a question to the keyboard.",
        )

    def crash(self, message: str) -> Crash:
        """Return a crash whose cause, if it is known, is read from what the app printed."""
        line, place = self.last_line(self.printed)
        return Crash(
            message + place,
            help=self.advice(message) or self.advice() or "Read what your app printed last.",
            line=line,
        )

    def last_line(self, output: str) -> tuple[int | None, str]:
        """Find the learner's last line in a traceback: (line of the entry script, sentence)."""
        return self._place(frames(output[-_TAIL:]))

    def _place(self, places: list[tuple[str, int]]) -> tuple[int | None, str]:
        if not places:
            return None, ""
        name, number = places[-1]
        if name == self.watch.entry:
            return number, ""
        own = [line for file, line in places if file == self.watch.entry]
        return (own[-1] if own else None), f" The line is {number} of {bounded(name, 100)}."

    def _raised(self, doing: str, raised: object) -> Crash:
        error = shape(dict, raised)
        kind, text = str(error.get("type", "?")), str(error.get("text", ""))
        stack = [shape(dict, frame) for frame in shape(list, error.get("frames"))]
        line, place = self._place(
            [(shape(str, frame.get("file")), line_number(frame.get("line"))) for frame in stack]
        )
        said = f": {bounded(text)}" if text else ""
        return Crash(
            f"While {doing}, your app raised {bounded(kind, 80)}{said}{place}",
            help=self.advice(f"{kind}: {text}")
            or "Read the error text; the line named is where your own code was at that moment.",
            line=line,
        )


def shape(kind: type[T], value: object) -> T:
    """Return ``value`` if it is of ``kind``; raise `Crash` otherwise (someone forged an answer)."""
    if not isinstance(value, kind):
        raise Crash("Your app's process sent an answer that cannot be understood.")
    return value


def line_number(value: object) -> int:
    """Return the number of a line within bounds; what is none was forged."""
    return max(0, min(int(shape(int, value)), _MAX_LINE))
