"""From a submission to a report. What a lesson's ``checks.py`` may use is named here.

The learner's app is imported when it is first asked for: a command is to start at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from checker.check import Failure, check, expect, expect_equal, shown

if TYPE_CHECKING:
    from checker.app import App, Client, Event, Finished, Loaded, Page, Response, Server
    from checker.blame import Stop, last_stop
    from checker.source import Call, Source, constant

__all__ = [
    "App",
    "Call",
    "Client",
    "Event",
    "Failure",
    "Finished",
    "Loaded",
    "Page",
    "Response",
    "Server",
    "Source",
    "Stop",
    "check",
    "constant",
    "expect",
    "expect_equal",
    "last_stop",
    "shown",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_home(name)), name)
    return value


def _home(name: str) -> str:
    if name in {"Stop", "last_stop"}:
        return "checker.blame"
    return "checker.source" if name in {"Call", "Source", "constant"} else "checker.app"
