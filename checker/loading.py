"""A submission's app, loaded once in a run, and lent to each check as if it had been loaded anew.

The loaded app is a stage of its own that nothing ever happens in. Each check gets a copy of it
(`checker.stage.process.AppStage`); where copies would share anything, each check's app is loaded.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import Event, Lock
from typing import Any

from checker.check import TimedOut
from checker.link import Link, Watch, shape
from checker.source import Source, constant
from checker.stage.channel import Flag, StageGone, StageTimeout, encode
from checker.stage.lent import Lent
from checker.stage.process import AppStage, Stage
from checker.submission import Submission

LOAD_TIMEOUT = 10.0
"""Seconds for the learner's script to load."""
PROBE_TIMEOUT = 5.0
"""Seconds for a look at what importing it does."""
DEFAULT_PATH = "socket.io"
"""Where Socket.IO answers unless an app says otherwise."""
_PATCHING = ("monkey_patch", "monkey.patch", "gevent.monkey", "patch_all")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading the app brought to light.

    ``path`` is where Socket.IO answers. ``served`` tells how the script starts its server: ``by``
    (``socketio.run`` or ``app.run``), ``keywords`` (plain values only) and ``line``; None when it
    starts none.
    """

    async_mode: str | None
    flask_count: int
    socketio_count: int
    bound: bool
    path: str
    events: tuple[tuple[str, str], ...]
    routes: tuple[str, ...]
    served: Mapping[str, Any] | None
    exited: str | None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> Loaded:
        """Read an observed answer; raise `Crash` where its shape is another."""
        mode = answer.get("async_mode")
        served = answer.get("served")
        return cls(
            async_mode=str(mode)[:40] if mode is not None else None,
            flask_count=shape(int, answer.get("flask_count")),
            socketio_count=shape(int, answer.get("socketio_count")),
            bound=answer.get("bound") is True,
            path=str(answer.get("path") or "")[:200].strip("/") or DEFAULT_PATH,
            events=tuple(_pair(item) for item in shape(list, answer.get("events"))),
            routes=tuple(str(rule) for rule in shape(list, answer.get("routes"))),
            served=_served(shape(dict, served)) if served is not None else None,
            exited=str(answer["exited"])[:80] if answer.get("exited") is not None else None,
        )


@dataclass(frozen=True, slots=True)
class Borrower:
    """One check, to which an app is lent.

    ``use`` is called with the link to the app, and again if a copy takes its place; ``on_output``
    with what the app prints, as it comes. The ``last`` one gets the app itself.
    """

    watch: Watch
    use: Callable[[Link], None]
    on_output: Callable[[str], None] | None = None
    last: bool = False


class Imports:
    """What importing a submission's script does: looked at once in a run. Thread-safe.

    Whoever loads the app first looks; all others wait for what they saw.
    """

    def __init__(self) -> None:
        """Nobody has looked yet."""
        self._lock = Lock()
        self._claimed = False
        self._told = Event()
        self._seen: Mapping[str, Any] | None = None

    def claim(self) -> bool:
        """Return True to the first who asks: they are to look, and to `tell`."""
        with self._lock:
            first, self._claimed = not self._claimed, True
            return first

    def tell(self, seen: Mapping[str, Any] | None) -> None:
        """Say what was seen; None for nothing of use."""
        self._seen = seen
        self._told.set()

    def seen(self) -> Mapping[str, Any] | None:
        """Return what was seen, once it is; None at once where nobody looks."""
        if self._claimed:
            self._told.wait(PROBE_TIMEOUT)
        return self._seen


@dataclass(frozen=True, slots=True)
class _Kept:
    stage: AppStage
    loaded: Loaded


class Loader:
    """Loads one submission's app. Use as a context manager, or call `close`."""

    def __init__(
        self,
        submission: Submission,
        lent: Lent,
        source: Source,
        cancel: Flag | None = None,
        imports: Imports | None = None,
    ) -> None:
        """Prepare; nothing of the learner's runs yet. Loaders of one run share ``imports``."""
        self._submission = submission
        self._lent = lent
        self._source = source
        self._cancel = cancel
        self._stack = ExitStack()
        self._kept: _Kept | None = None
        self._copies = True
        self._imports = imports or Imports()

    def close(self) -> None:
        """End the loaded app."""
        self._kept = None
        self._stack.close()

    @contextmanager
    def lend(self, borrower: Borrower) -> Iterator[Loaded]:
        """Lend a freshly loaded app; raise `Failure` when it does not load."""
        with ExitStack() as stack:
            loaded = self._lend_kept(stack, borrower)
            try:
                yield loaded or self._load_anew(stack, borrower)
            finally:
                stack.close()
                if self._kept is None or not self._kept.stage.unchanged:
                    self.close()

    def _lend_kept(self, stack: ExitStack, borrower: Borrower) -> Loaded | None:
        """Lend the app that was loaded before, if there is one: a copy, at last itself."""
        if self._kept is None:
            return None
        if not borrower.last:
            return self._copy(stack, borrower)
        kept, self._kept = self._kept, None
        kept.stage.channel.hand_over(borrower.on_output)
        borrower.use(Link(kept.stage, borrower.watch))
        return kept.loaded

    def _load_anew(self, stack: ExitStack, borrower: Borrower) -> Loaded:
        stage = self._stack.enter_context(self._stage(borrower.on_output))
        link = Link(stage, borrower.watch)
        borrower.use(link)
        if isinstance(stage, AppStage) and self._imports.claim():
            self._probe(link)
        loaded = Loaded.read(self._load(link, as_module=False))
        if isinstance(stage, AppStage) and self._copies:
            self._copies = stage.may_be_copied()
        if isinstance(stage, AppStage) and self._copies:
            self._kept = _Kept(stage, loaded)
            if self._copy(stack, borrower, seen=True) is None:
                self._copies = False
                return self._load_anew(stack, borrower)
        return loaded

    def _copy(self, stack: ExitStack, borrower: Borrower, *, seen: bool = False) -> Loaded | None:
        """Copy the loaded app; forget it when it cannot be copied any more.

        ``seen`` tells that what it printed while loading was handed on already.
        """
        assert self._kept is not None
        on_output = borrower.on_output
        try:
            copy = self._kept.stage.copy(self._cancel, on_output)
            stage = stack.enter_context(copy)
        except (StageGone, StageTimeout):
            self.close()
            return None
        if not seen:
            stage.channel.hand_over(on_output)
        borrower.use(Link(stage, borrower.watch))
        return self._kept.loaded

    def started_on_import(self, watch: Watch, on_output: Callable[[str], None] | None) -> bool:
        """Whether importing the script, instead of running it, starts a server."""
        known = self._imports.seen()
        if known is not None and "raised" not in known:
            return shape(dict, known.get("ok")).get("served") is True
        with self._stage(on_output) as stage:
            link = Link(stage, watch)
            served = self._load(link, as_module=True).get("served") is not None
            word = secrets.token_hex(8)  # What was told before it was asked for is not the answer.
            if link.ask("loading", PROBE_TIMEOUT, (), do="echo", word=word).get("word") != word:
                raise link.crash("While loading, your app told more than it was asked.")
            return served

    def _probe(self, link: Link) -> None:
        """See first what importing the script does; it costs a third of a stage of its own."""
        seen = None
        try:
            seen = self._order(link, PROBE_TIMEOUT, do="probe").get("imported")
        finally:
            self._imports.tell(seen if isinstance(seen, dict) else None)

    def _load(self, link: Link, *, as_module: bool) -> Mapping[str, Any]:
        try:
            return self._order(link, LOAD_TIMEOUT, do="load", as_module=as_module)
        except TimedOut as late:
            late.line = late.line or self._source.endless_line()
            raise

    def _order(self, link: Link, limit: float, **order: Any) -> Mapping[str, Any]:
        files, entry = encode(self._submission.files), self._submission.entry
        return link.ask("loading", limit, (), files=files, entry=entry, **order)

    def _stage(self, on_output: Callable[[str], None] | None) -> AbstractContextManager[Stage]:
        return self._lent.app_stage(
            fresh=self.needs_fresh,
            green=self._may_be_green,
            cancel=self._cancel,
            on_output=on_output,
        )

    @cached_property
    def needs_fresh(self) -> bool:
        """Whether a process that has imported Flask already would behave otherwise."""
        if self._source.mentions(*_PATCHING):
            return True
        tops = {n.partition("/")[0] for n in self._submission.files if n.endswith(".py")}
        own = {name.removesuffix(".py") for name in tops} - {"app", "__main__"}
        loaded = self._lent.hold("app").modules if own else frozenset()
        return not own.isdisjoint(loaded)

    @cached_property
    def _may_be_green(self) -> bool:
        """Whether a SocketIO object may choose eventlet or gevent, as one without a mode does."""
        modes = [call.keywords.get("async_mode") for call in self._source.calls("SocketIO")]
        return any(constant(mode) != "threading" for mode in modes)


def _pair(item: object) -> tuple[str, str]:
    namespace, name = (*shape(list, item), None, None)[:2]
    return shape(str, namespace), shape(str, name)


def _served(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    line = answer.get("line")
    return {
        "by": shape(str, answer.get("by")),
        "keywords": shape(dict, answer.get("keywords")),
        "line": line if isinstance(line, int) else None,
    }
