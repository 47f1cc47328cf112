"""Limits on how fast someone may go: token buckets, many of them, within bounded memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

BUCKETS_KEPT = 10_000


@dataclass(slots=True)
class _Level:
    tokens: float
    at: float


class Limiter:
    """A token bucket for each key: ``rate`` tokens a second, ``burst`` at most."""

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._levels: OrderedDict[Hashable, _Level] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, key: Hashable) -> bool:
        """Take one token of ``key``'s; False if there is none."""
        return self.wait(key) == 0.0

    def wait(self, key: Hashable) -> float:
        """Take one token of ``key``'s, or return the seconds until there will be one."""
        now = self._clock()
        with self._lock:
            level = self._levels.pop(key, None) or _Level(self._burst, now)
            level.tokens = min(self._burst, level.tokens + (now - level.at) * self._rate)
            level.at = now
            missing = max(0.0, 1.0 - level.tokens)
            if not missing:
                level.tokens -= 1.0
            self._levels[key] = level
            while len(self._levels) > BUCKETS_KEPT:
                self._levels.popitem(last=False)
        return missing / self._rate

    def forget(self, key: Hashable) -> None:
        """Drop ``key``'s bucket (its connection is gone)."""
        with self._lock:
            self._levels.pop(key, None)
