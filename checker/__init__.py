"""From a submission to a report. What a lesson's ``checks.py`` may use is named here."""

from checker.app import App, Client, Event, Finished, Loaded, Page, Response, Server
from checker.check import Failure, check, expect, expect_equal, shown
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
    "check",
    "constant",
    "expect",
    "expect_equal",
    "shown",
]
