"""Payloads of other kinds than text."""

from __future__ import annotations

from collections.abc import Iterator
from random import randint
from typing import Any

from checker import App


def payloads(app: App) -> Iterator[tuple[str, Any]]:
    """Yield payloads of other kinds than text, and what to call them."""
    fields = {name: app.nonce() for name in ("text", "message", "data", "msg", app.nonce("f"))}
    yield "An object", {**fields, "count": randint(10_000, 99_999)}
    yield "A list", [app.nonce(), app.nonce(), randint(10_000, 99_999)]
    yield "A number", randint(10_000, 99_999)


def parts(payload: Any) -> list[str]:
    """Return the texts that a printed payload holds, however it is written."""
    if isinstance(payload, dict):
        return [str(value) for value in payload.values()]
    return [str(item) for item in payload] if isinstance(payload, list) else [str(payload)]
