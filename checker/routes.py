"""Routes in a submission's source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.source import Source, constant

__all__ = ["route_below_start"]


def route_below_start(
    source: Source, served: Mapping[str, Any] | None, path: str = "/"
) -> int | None:
    """Return the line of a route for ``path`` that stands below the line that starts the server.

    The script does not get there while the server runs. ``served`` is what was seen to start it.
    """
    started = (served or {}).get("line")
    if not isinstance(started, int):
        return None
    routes = [call for call in source.calls("route") if call.file == source.entry and call.args]
    lines = [call.line for call in routes if constant(call.args[0]) == path]
    return next((line for line in lines if line > started), None)
