"""Between a check and a stage: orders go in, and what goes wrong comes back as a `Failure`.

An answer from a stage is untrusted: it is read against the shape that is expected, and one that
does not fit counts as a crash of the learner's app.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from checker.check import Crash, TimedOut
from checker.explain import explain
from checker.report import Json, bounded
from checker.stage.channel import StageGone, StageTimeout
from checker.stage.pool import Stage

T = TypeVar("T")

_FRAME = re.compile(r'File "[^"\n]*?/(?:app|course-app-[^/"]+)/([^"\n]+)", line (\d+)')


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

    def __init__(self, stage: Stage, watch: Watch) -> None:
        """Ask ``stage``; failures name lines of the entry script of ``watch``."""
        self._stage = stage
        self.watch = watch

    @property
    def printed(self) -> str:
        """What the app printed so far."""
        return self._stage.channel.printed

    def ask(self, doing: str, limit: float, /, **order: Any) -> Mapping[str, Any]:
        """Send one order; ``doing`` completes the sentence "While …" or "Your app … while …".

        Raises `Crash` when the learner's code raised or its process ended, `TimedOut` when it did
        not come back, RuntimeError when our own code inside failed.
        """
        seconds = self.watch.left(limit)
        try:
            answer = self._stage.ask(seconds, **order)
        except StageTimeout:
            raise self._late(doing, seconds) from None
        except StageGone as gone:
            ending = self._stage.end(grace=0.3)
            cause = ending.sentence() if "ended" in str(gone) else str(gone)
            raise self.crash(f"Your app ended while {doing}: {cause}.") from None
        if "broken" in answer:
            raise RuntimeError(str(answer["broken"]))
        if "unsendable" in answer:
            raise self.crash(
                f"While {doing}, your app handed over something that is no JSON: "
                f"{bounded(str(answer['unsendable']))}."
            )
        if "raised" in answer:
            raise self._raised(doing, answer["raised"])
        return shape(dict, answer["ok"])

    def _late(self, doing: str, seconds: float) -> TimedOut:
        self._stage.end()
        known = explain(self.printed, lesson=self.watch.lesson)
        return TimedOut(
            f"Your app did not come back within {seconds:.0f} seconds while {doing}.",
            help=f"{known.cause} {known.fix}"
            if known
            else "Look for a loop that does not end, a long wait, or a question to the keyboard.",
        )

    def crash(self, message: str) -> Crash:
        """Return a crash whose cause, if it is known, is read from what the app printed."""
        line, place = self.last_line(self.printed)
        known = explain(f"{message}\n{self.printed}", lesson=self.watch.lesson)
        return Crash(
            message + place,
            help=f"{known.cause} {known.fix}" if known else "Read what your app printed last.",
            line=line,
        )

    def last_line(self, output: str) -> tuple[int | None, str]:
        """Find the learner's last line in a traceback: (line of the entry script, sentence)."""
        frames = _FRAME.findall(output)
        if not frames:
            return None, ""
        return self._place([{"file": name, "line": int(number)} for name, number in frames])

    def _place(self, frames: list[dict[str, Any]]) -> tuple[int | None, str]:
        if not frames:
            return None, ""
        name, number = str(frames[-1].get("file")), frames[-1].get("line")
        if name == self.watch.entry and isinstance(number, int):
            return number, ""
        own = [f["line"] for f in frames if f.get("file") == self.watch.entry]
        line = own[-1] if own and isinstance(own[-1], int) else None
        return line, f" The line is {number} of {bounded(name, 100)}."

    def _raised(self, doing: str, raised: object) -> Crash:
        error = shape(dict, raised)
        kind, text = str(error.get("type", "?")), str(error.get("text", ""))
        frames = [frame for frame in error.get("frames") or [] if isinstance(frame, dict)]
        line, place = self._place(frames)
        known = explain(f"{kind}: {text}", lesson=self.watch.lesson)
        return Crash(
            f"While {doing}, your app raised {bounded(kind, 80)}: {bounded(text)}{place}",
            help=f"{known.cause} {known.fix}"
            if known
            else "Read the error text; the line named is where your own code was at that moment.",
            line=line,
        )


def shape(kind: type[T], value: object) -> T:
    """Return ``value`` if it is of ``kind``; raise `Crash` otherwise (someone forged an answer)."""
    if not isinstance(value, kind):
        raise Crash("Your app's process sent an answer that cannot be understood.")
    return value
