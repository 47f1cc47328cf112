"""A network that falls silent, played by the server: nothing is refused, and nothing comes."""

from __future__ import annotations

import threading
import time

SECONDS = 12.0
"""How long a silence is: shorter than a heartbeat, which would notice it."""
MOST_HELD = 8
"""Questions of one learner that wait for the end of a silence; of all, ten times as many."""


class Silence:
    """Whose network is silent, and until when. Thread-safe."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Each silence lasts so many ``seconds``."""
        self._seconds = seconds
        self._lock = threading.Condition()
        self._until: dict[int, float] = {}
        self._held: dict[int, int] = {}
        self._closed = False

    def begin(self, learner: int) -> float:
        """Let nothing pass for one learner from now on; return the seconds that it will last.

        One that is under way is not made longer.
        """
        with self._lock:
            now = time.monotonic()
            self._until = {who: end for who, end in self._until.items() if end > now}
            return self._until.setdefault(learner, now + self._seconds) - now

    def left(self, learner: int) -> float:
        """Seconds for which nothing will pass; 0 where nothing is in the way."""
        with self._lock:
            return max(0.0, self._until.get(learner, 0.0) - time.monotonic())

    def hold(self, learner: int) -> bool:
        """Wait until answers pass again; False at once if too many wait already."""
        with self._lock:
            if not self.left(learner):
                return True
            mine, all_of_them = self._held.get(learner, 0), sum(self._held.values())
            if mine >= MOST_HELD or all_of_them >= 10 * MOST_HELD:
                return False
            self._held[learner] = self._held.get(learner, 0) + 1
            self._lock.wait_for(lambda: self._closed, self.left(learner))
            self._held[learner] -= 1
            return True

    def close(self) -> None:
        """End all silences."""
        with self._lock:
            self._until.clear()
            self._closed = True
            self._lock.notify_all()
