"""The judge's end of one stage, and how it ended."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from checker.stage.channel import Cancelled, Channel, Flag, StageGone, StageTimeout, open_channel
from checker.stage.ending import Ending
from checker.stage.origin import WarmProcess

COPY_TIMEOUT = 5.0
"""Seconds for a loaded app to copy itself, or to say how a copy ended."""


class Stage:
    """One process behind the walls that takes orders: a loaded app, or a script's driver."""

    def __init__(self, channel: Channel, end: Callable[[float], Ending]) -> None:
        """Speak over ``channel``; ``end`` ends the process and says how it ended."""
        self.channel = channel
        self._end = end
        self._ending: Ending | None = None

    def ask(self, limit: float, /, descriptors: Sequence[int] = (), **order: Any) -> dict[str, Any]:
        """Send one order and return its answer; see `Channel.ask`."""
        return self.channel.ask(order, limit, descriptors)

    def end(self, grace: float = 0.0) -> Ending:
        """End the process, giving it ``grace`` seconds to end by itself; idempotent.

        Grace is for a stage that has hung up, so that the true cause of its end shows.
        """
        if self._ending is None:
            self._ending = self._end(grace)
        return self._ending


class AppStage(Stage):
    """A stage that loads one app, and then may copy itself: for each check, an app as fresh.

    A copy is a fork with memory of its own. Whether it shares anything else with those that come
    after it is asked of the kernel, from outside of its walls (``inside/traces.py``): before the
    first, and after each.
    """

    def __init__(self, channel: Channel, warm: WarmProcess, number: int) -> None:
        """Speak over ``channel`` for stage ``number`` of a warm process."""
        super().__init__(channel, lambda grace: warm.end(number, grace))
        self._warm = warm
        self._number = number
        self.unchanged = False
        """Whether the next copy will find all as the first did."""

    def may_be_copied(self) -> bool:
        """Look, once the app is loaded, whether its copies would share anything."""
        self.unchanged = self._warm.examine(self._number)
        return self.unchanged

    @contextmanager
    def copy(self, cancel: Flag | None, on_output: Callable[[str], None] | None) -> Iterator[Stage]:
        """Lend a copy. Raises StageGone or StageTimeout when none can be made."""
        ends = open_channel(cancel, on_output, self.channel.printed)
        with ends as (channel, theirs, output):
            self.ask(COPY_TIMEOUT, [theirs.fileno(), output.fileno()], do="copy")
            theirs.close()
            output.close()
            stage = Stage(channel, self._end_copy)
            try:
                yield stage
            finally:
                stage.end()

    def _end_copy(self, grace: float) -> Ending:
        status = self._reap(grace) if grace else None
        killed = status is None
        self.unchanged = self._warm.sweep(self._number) and killed
        return Ending(-int(signal.SIGKILL) if status is None else status, killed)

    def _reap(self, grace: float) -> int | None:
        try:
            answer = self.ask(COPY_TIMEOUT + grace, do="reap", grace=grace)
            status = answer["ok"]["status"]
            return status if isinstance(status, int) else None
        except (StageGone, StageTimeout, Cancelled, KeyError, TypeError):
            self.unchanged = False
            return None
