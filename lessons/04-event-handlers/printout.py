"""What the app printed: found, counted and shown."""

from __future__ import annotations

import re
from collections import Counter

from checker import App, Client

from .conversation import settle

BEFORE = r"^(?:.*(?:[^\w\s]|DEBUG|INFO|WARNING|ERROR|CRITICAL)\s*)?"
"""What may stand in front of the printed text: nothing, or what a logger puts there."""


def printed(app: App, client: Client, pattern: str) -> bool:
    """Whether the app prints a line with this text, now or within half a second."""
    if not re.search(BEFORE + pattern, app.output, re.M):
        settle(app, client, 0.5)
    return re.search(BEFORE + pattern, app.output, re.M) is not None


def appears(app: App, client: Client, before: int, words: list[str]) -> bool:
    """Whether the app prints ``words`` behind `Received: `, on whatever line, soon enough."""

    def there() -> bool:
        told = app.output[before:].partition("Received: ")[2]
        return all(word in told for word in words)

    if not there():
        settle(app, client, 0.5)
    return there()


def times(output: str, pattern: str) -> int:
    """How often the app printed one line with this text: a line's date and time aside.

    Who prints a line, and has a logger write it once more, wrote two different lines.
    """
    lines = re.finditer(f"(?P<front>{BEFORE})Received: {pattern}", output, re.M)
    fronts = Counter(re.sub(r"\d+", "0", line["front"]) for line in lines)
    return max(fronts.values(), default=0)


def shown_output(output: str) -> str:
    """Write what the app printed, as a sentence."""
    last = next((line for line in reversed(output.splitlines()) if line.strip()), None)
    return f"Your app printed `{last[:150]}`." if last else "Your app printed nothing."
