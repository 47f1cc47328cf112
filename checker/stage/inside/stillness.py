"""Whether this process will do anything more unless it is asked to.

Then the judge need not wait for what cannot come. It is still while it has one thread, no children,
no timer, and nothing that waits for its turn in the loop of eventlet or gevent.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any


def is_still() -> bool:
    """Whether nothing can happen here until somebody asks for it."""
    if len(sys._current_frames()) > 1 or signal.getitimer(signal.ITIMER_REAL)[0]:
        return False
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return _eventlet_is_still() and _gevent_is_still()
    return False


def _eventlet_is_still() -> bool:
    hub = getattr(_attribute("eventlet.hubs", "_threadlocal"), "hub", None)
    if hub is None:
        return True
    if type(hub).__module__ == "eventlet.hubs.asyncio":
        return False  # asyncio keeps what waits there to itself
    listeners = [*hub.listeners.values(), *hub.secondaries.values()]
    return not (hub.next_timers or hub.timers or any(listeners))


def _gevent_is_still() -> bool:
    hub_if_exists = _attribute("gevent._hub_local", "get_hub_if_exists")
    hub = hub_if_exists() if hub_if_exists else None
    waiting = ("activecnt", "pendingcnt", "_callbacks")
    return hub is None or not any(getattr(hub.loop, name, True) for name in waiting)


def _attribute(module: str, name: str) -> Any:
    return getattr(sys.modules.get(module), name, None)
