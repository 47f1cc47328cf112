"""One client's wait, and what another client notices of it meanwhile."""

import time
from dataclasses import dataclass

from checker import App, Client, Event, Failure, Server

from .conversation import answer, ask
from .mode import LIBRARIES
from .patches import patch_calls, patch_without_brackets
from .silence import awaited

AT_ONCE = 0.9
"""Seconds in which a free server answers (it takes some milliseconds); a held-up one takes 1.5."""


@dataclass(frozen=True)
class Turn:
    """One `slow`: another client's longest wait meanwhile, and what came of it, in seconds."""

    longest: float
    rest: float
    seconds: float
    done: Event

    @property
    def late(self) -> bool:
        """Whether the other client had to wait; `rest` is what was left of `slow` after that."""
        return self.longest > AT_ONCE


def slow_turn(app: App, server: Server, asker: Client, other: Client) -> Turn:
    """Let one client send `slow`, and measure how long another one's messages wait meanwhile."""
    begun = answer(app, asker).at
    asker.received()  # what came before `slow` is no answer to it
    asked = ask(server, asker, "slow", "slow_done")
    longest = 0.0
    for _ in range(3):
        time.sleep(0.2)
        sent = time.monotonic()
        answer(app, other)
        longest = max(longest, time.monotonic() - sent)
        if longest > AT_ONCE:
            break
    answered = time.monotonic()
    done = awaited(
        app,
        asked,
        within=5.5,
        help='Listen for `slow`, wait, and call `emit("slow_done", …)` in the handler itself. '
        "Work outside of a handler needs `socketio.emit(…, to=sid)`.",
    )
    return Turn(longest, time.monotonic() - answered, done.at - begun, done)


def held_up(app: App, longest: float) -> Failure:
    """Why one client's wait was everybody's."""
    said = (
        f"While one client waited for `slow_done`, another client's `message` was answered after "
        f"{longest:.1f} seconds."
    )
    line = next((call.line for call in app.source.calls("time.sleep")), None)
    mode = str(app.load().async_mode)
    if mode not in LIBRARIES:
        return Failure(
            said,
            help="In threading mode every handler has a thread of its own. Look for what they "
            "share, such as a lock that is held while one of them waits.",
        )
    if patch_calls(app):
        return Failure(
            said,
            help="Some wait was not reached by the patch. A function that is imported before the "
            "patch, as with `from time import sleep`, goes on waiting in the old way; and a long "
            "calculation gives way to nobody.",
            line=line,
        )
    bare = patch_without_brackets(app)
    if bare:
        name, line = bare
        return Failure(
            f"{said} Nothing is patched: `{name}` stands there without brackets.",
            help=f"A name alone calls nothing. Write `{name}()`.",
            line=line,
        )
    if line is None:
        return Failure(
            said,
            help=f"In {mode} mode all clients share one thread, and something in your app keeps "
            "it: a loop, a calculation, or a wait that does not give way. Wait with "
            "`socketio.sleep(2)`.",
        )
    return Failure(
        said,
        help=f"In {mode} mode all clients share one thread, and `time.sleep` keeps it. Wait with "
        "`socketio.sleep(2)`, or patch Python in the first lines, or choose threading.",
        line=line,
    )
