"""What the app printed: found, counted and shown."""

from __future__ import annotations

import re
from collections import Counter

from checker import App, Client

from .conversation import settle

_LINE = re.compile(
    r"^(?P<front>(?:.*(?:[^\w\s]|DEBUG|INFO|WARNING|ERROR|CRITICAL)\s*)?)Received: (?P<text>.*)$",
    re.M,
)
"""In front of the printed text stands nothing, or what a logger puts there."""


def printed(app: App, client: Client, text: str) -> bool:
    """Whether the app prints a line with this text, now or within half a second."""
    if not _shows(app.output, text):
        settle(app, client, 0.5)
    return _shows(app.output, text)


def _shows(output: str, text: str) -> bool:
    return any(line["text"].rstrip(" \t\r") == text for line in _LINE.finditer(output))


def appears(app: App, client: Client, before: int, words: list[str]) -> bool:
    """Whether the app prints ``words`` behind `Received: `, on whatever line, soon enough."""

    def there() -> bool:
        told = app.output[before:].partition("Received: ")[2]
        return all(word in told for word in words)

    if not there():
        settle(app, client, 0.5)
    return there()


def times(output: str, text: str) -> int:
    """How often the app printed one line that begins with this text: date and time aside.

    Who prints a line, and has a logger write it once more, wrote two different lines.
    """
    lines = (line for line in _LINE.finditer(output) if line["text"].startswith(text))
    fronts = Counter(re.sub(r"\d+", "0", line["front"]) for line in lines)
    return max(fronts.values(), default=0)


def shown_output(output: str) -> str:
    """Write what the app printed, as a sentence."""
    last = next((line for line in reversed(output.splitlines()) if line.strip()), None)
    return f"Your app printed `{last[:150]}`." if last else "Your app printed nothing."
