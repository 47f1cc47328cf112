"""A page of the learner's server in a real JavaScript engine, as a check sees it (lesson 6)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, TypeAlias

from checker.check import Crash
from checker.client import Event
from checker.link import Link, Packet, shape
from checker.report import Json, bounded
from checker.stage.sandbox import Places

_GRACE = 20.0
_PAUSE = 0.03
_LARGEST = 10**12
_ENDLESS = "did not come to an end"
_Kinds: TypeAlias = type | UnionType
_MAYBE: _Kinds = str | None
_COUNT: _Kinds = int | None
_PACKET: Mapping[str, _Kinds] = {
    **dict.fromkeys(("direction", "transport", "kind", "namespace"), str),
    **{"event": _MAYBE, "data": list | None, "at": int | float | None},
}
_FIELDS: Mapping[str, Mapping[str, _Kinds]] = {
    "page": {"url": str, "status": _COUNT, "html": bool},
    "client": {"references": list, "global_io": bool},
    "references": {"url": str, "from": str, "version": _MAYBE, "problem": _MAYBE},
    "alerts": {"kind": str, "text": str},
    "console": {"level": str, "text": str},
    "errors": {"kind": str, "message": _MAYBE, "line": _COUNT, "source": _MAYBE},
    "requests": {
        **dict.fromkeys(("kind", "url", "by"), str),
        **{"status": _COUNT, "problem": _MAYBE, "body": _MAYBE},
    },
    "connections": {"url": str, "engineio": str, "problem": _MAYBE},
    "packets": _PACKET,
    "witnessed": _PACKET,
}
"""What checks read of the records of each kind. The page shares the engine's process."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that the engine noted; ``record["line"]`` reads a field of it."""

    fields: Mapping[str, Any]

    @classmethod
    def read(cls, kind: str, value: object) -> Record:
        """Read an observed record; raise `Crash` where its shape is another."""
        fields = shape(dict, value)
        for name, kinds in _FIELDS[kind].items():
            found = fields.get(name)
            large = isinstance(found, int | float) and abs(found) > _LARGEST
            if large or not isinstance(found, kinds):
                raise Crash("Your page's process sent an answer that cannot be understood.")
        return cls(fields)

    def __getitem__(self, name: str) -> Any:
        """Return a field, or None where it is absent."""
        return self.fields.get(name)


class Page:
    """An open page. Each ``wait_…`` tells whether it came to that; the check finds the words."""

    def __init__(
        self, link: Link, engine: Places, url: str, address: str, mark: str | None
    ) -> None:
        """Open ``url``; with ``mark``, through the witness."""
        self._link = link
        self._engine = engine
        self._told = 0
        self.mark = mark
        self._state: Mapping[str, Any] = {}
        self._order("opening the page", 15, order="open", url=url, address=address, mark=mark)

    def _order(self, doing: str, timeout: float, /, **order: Any) -> Mapping[str, Any]:
        engine = {"node": self._engine.node, "engine": self._engine.page}
        answer = self._link.ask(doing, timeout + _GRACE, (), do="page", **engine, **order)
        if "broken" in answer:  # by the page: it can take from the engine what that works with
            why = bounded(str(answer["broken"]).partition("\n")[0], 200)
            raise Crash(
                f"While {doing}, a script of your page got in the way: {why}.",
                help="Leave `document` and its functions, such as `querySelectorAll`, as they are.",
            )
        if "gone" in answer:
            raise self._gone(f"While {doing}, {answer['gone']}.")
        self._state = shape(dict, answer.get("state"))
        self._tell()
        return answer

    def _gone(self, said: str) -> Crash:
        if _ENDLESS not in said:
            return self._link.crash(said)
        return Crash(
            said,
            help="Look in the scripts of your page for a loop that never ends. What is to happen "
            "later belongs into a listener.",
        )

    def _tell(self) -> None:
        packets = [item for item in self._list("packets") if item["kind"] == "event"]
        for item in packets[self._told :]:
            way = "in" if item["direction"] == "out" else "out"
            data: Json = item["data"]
            self._link.watch.on_packet(
                Packet(way, str(item["namespace"]), str(item["event"]), data)
            )
        self._told = len(packets)

    def _list(self, name: str) -> tuple[Record, ...]:
        items = shape(list, self._state.get(name, []))
        return tuple(Record.read(name, item) for item in items)

    def refresh(self) -> None:
        """Look at the page anew."""
        self._order("looking at the page", 5, order="state")

    @property
    def status(self) -> int | None:
        """The HTTP status of the page itself."""
        return self.about["status"]  # type: ignore[no-any-return]

    @property
    def is_html(self) -> bool:
        """Whether the server sent HTML."""
        return bool(self.about["html"])

    @property
    def about(self) -> Record:
        """The page itself: url, status, content_type, html, error, title, loaded, start."""
        return Record.read("page", self._state.get("page"))

    @property
    def text(self) -> str:
        """What a person can read on the page now."""
        self.refresh()
        return shape(str, self._state.get("text"))

    def _wait(self, doing: str, within: float, **what: Any) -> bool:
        answer = self._order(doing, within, order="wait", within=within, **what)
        return answer.get("met") is True

    def wait_text(self, text: str, within: float = 2.0) -> bool:
        """Wait until ``text`` can be read on the page, or in a dialogue that it opened.

        The engine is not told what is looked for: the page could find it there.
        """
        end = time.monotonic() + within
        while text not in self.text and all(text not in item["text"] for item in self.alerts):
            if time.monotonic() > end:
                return False
            time.sleep(_PAUSE)
        return True

    def wait_connected(self, within: float = 3.0) -> bool:
        """Wait until the page's client is connected."""
        return self._wait("connecting", within, connected=True)

    def wait_sent(self, event: str | None = None, within: float = 1.0) -> bool:
        """Wait until the page has sent ``event`` (or any)."""
        return self._wait("sending an event", within, sent=event or True)

    def wait_received(self, event: str | None = None, within: float = 2.0) -> bool:
        """Wait until the page has received ``event`` (or any)."""
        return self._wait("receiving an event", within, received=event or True)

    def wait_alert(self, within: float = 1.0) -> bool:
        """Wait until the page has opened a dialogue."""
        return self._wait("opening a dialogue", within, alert=True)

    def wait_error(self, within: float = 0.5) -> bool:
        """Wait until a script of the page has failed."""
        return self._wait("running the page's scripts", within, error=True)

    def quiet(self, seconds: float = 0.2, within: float = 2.0) -> bool:
        """Wait until nothing was sent, received or shown for ``seconds``."""
        answer = self._order(
            "coming to rest", within, order="quiet", seconds=seconds, within=within
        )
        return answer.get("met") is True

    def interact(self, text: str, within: float = 3.0) -> tuple[str, ...]:
        """Type ``text``, press buttons, submit forms until the page sends; say what was done."""
        answer = self._order("using the page", within, order="interact", text=text, within=within)
        return tuple(str(item) for item in shape(list, answer.get("did")))

    def sent(self) -> tuple[Event, ...]:
        """Events that the page sent; seen by the witness where there is one."""
        return self._events("out")

    def received(self) -> tuple[Event, ...]:
        """Events that the page received; seen by the witness where there is one."""
        return self._events("in")

    def _events(self, direction: str) -> tuple[Event, ...]:
        self.refresh()
        name = "witnessed" if self.mark is not None else "packets"
        return tuple(
            Event(
                str(item["event"]),
                tuple(shape(list, item["data"])),
                str(item["namespace"]),
                float(item["at"] or 0),
            )
            for item in self._list(name)
            if item["kind"] == "event" and item["direction"] == direction
        )

    @property
    def errors(self) -> tuple[Record, ...]:
        """Errors of the page's scripts: kind, name, message, url, line, column, source."""
        return self._list("errors")

    @property
    def console(self) -> tuple[Record, ...]:
        """What the page's scripts logged: level, text."""
        return self._list("console")

    @property
    def alerts(self) -> tuple[Record, ...]:
        """Dialogues that the page opened: kind, text."""
        return self._list("alerts")

    @property
    def requests(self) -> tuple[Record, ...]:
        """All that the page asked for: kind, method, url, status, by, problem, body."""
        return self._list("requests")

    @property
    def connections(self) -> tuple[Record, ...]:
        """Engine.IO connections: url, engineio, transport, open, status, problem."""
        return self._list("connections")

    @property
    def namespaces(self) -> Mapping[str, str]:
        """Namespaces that the page asked for, and what became of each."""
        found = shape(dict, self._state.get("namespaces", {}))
        return {str(key): str(value) for key, value in found.items()}

    @property
    def client(self) -> Record:
        """The Socket.IO client on the page: references, global_io, version, protocol."""
        found = Record.read("client", self._state.get("client"))
        references = [Record.read("references", item) for item in found["references"]]
        return Record({**found.fields, "references": references})
