"""From a submission to a report. What a lesson's ``checks.py`` may use is named here.

The learner's app is imported when it is first asked for: a command is to start at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from checker.check import Failure, check, expect, expect_equal, shown

if TYPE_CHECKING:
    from checker.app import App, Client, Event, Finished, Loaded, Page, Response, Server
    from checker.blame import Stop, last_error, last_own_line, last_stop, last_words
    from checker.handlers import (
        Listener,
        line_in_entry,
        line_inside,
        listeners,
        socketio_objects,
        ties,
    )
    from checker.requirements import RequirementLine, requirement_lines
    from checker.routes import route_below_start
    from checker.source import Call, Source, constant
    from checker.visible import url_parts, visible_lines

__all__ = [
    "App",
    "Call",
    "Client",
    "Event",
    "Failure",
    "Finished",
    "Listener",
    "Loaded",
    "Page",
    "RequirementLine",
    "Response",
    "Server",
    "Source",
    "Stop",
    "check",
    "constant",
    "expect",
    "expect_equal",
    "last_error",
    "last_own_line",
    "last_stop",
    "last_words",
    "line_in_entry",
    "line_inside",
    "listeners",
    "requirement_lines",
    "route_below_start",
    "shown",
    "socketio_objects",
    "ties",
    "url_parts",
    "visible_lines",
]


_HOMES = {
    "checker.app": (
        *("App", "Client", "Event", "Finished", "Loaded", "Page", "Response", "Server"),
    ),
    "checker.blame": ("Stop", "last_error", "last_own_line", "last_stop", "last_words"),
    "checker.handlers": (
        *("Listener", "line_in_entry", "line_inside", "listeners", "socketio_objects", "ties"),
    ),
    "checker.requirements": ("RequirementLine", "requirement_lines"),
    "checker.routes": ("route_below_start",),
    "checker.source": ("Call", "Source", "constant"),
    "checker.visible": ("url_parts", "visible_lines"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            value = globals()[name] = getattr(importlib.import_module(home), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
