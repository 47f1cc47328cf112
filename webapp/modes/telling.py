"""One sentence on what a step of a recording is, and why it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.modes.packets import Packet

OUT = "out"

HTTP, POLLING, WEBSOCKET = "http", "polling", "websocket"
CARRIERS = {HTTP: "HTTP", POLLING: "HTTP long-polling", WEBSOCKET: "WebSocket"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a step: ``line`` is an HTTP message's first line, ``asked`` a response's
    request line; ``waits`` says that an answer never came while we looked.
    """

    kind: str
    who: str
    direction: str
    line: str = ""
    asked: str = ""
    packets: tuple[Packet, ...] = ()
    waits: bool = False


def carrier(seen: Seen) -> str:
    """Return what carries a step: `HTTP`, `POLLING` or `WEBSOCKET`."""
    line = f"{seen.line} {seen.asked}"
    if seen.kind in ("frame", "close") or "transport=websocket" in line:
        return WEBSOCKET
    return POLLING if "transport=polling" in line else HTTP


def sentence(seen: Seen) -> str:
    """Say what just happened, and why."""
    return _TELLERS.get(seen.kind, _frame)(seen)


def _subject(seen: Seen) -> str:
    return seen.who if seen.direction == OUT else "The server"


def _request(seen: Seen) -> str:
    method = seen.line.split(" ")[0]
    if carrier(seen) == HTTP:
        return "Ordinary HTTP: the browser asks for the page. Its script will open the line."
    if carrier(seen) == WEBSOCKET:
        if "sid=" in seen.line:
            return (
                f"{seen.who} asks to turn a second connection into a WebSocket. The `sid` says"
                " which session it is for."
            )
        return (
            f"{seen.who} asks to turn this connection into a WebSocket at once. No `sid` yet: the"
            " session begins here."
        )
    if method == "POST":
        what = " ".join(_packet(packet, seen) for packet in seen.packets)
        many = len(seen.packets) > 1
        how = "Several packets in one request. " if many else "To send is to `POST`. "
        return how + what
    if "sid=" not in seen.line:
        return (
            f"{seen.who} opens the session with a plain `GET`. `EIO=4` is the protocol's version;"
            " `t` keeps caches from answering."
        )
    if seen.waits:
        return (
            "To receive is to `GET`. The server has nothing to say, so it holds the request: it"
            " still waits when the recording ends."
        )
    return "To receive is to `GET`. The server answers as soon as it has something to say."


def _response(seen: Seen) -> str:
    if carrier(seen) == HTTP:
        return "Flask answers with the page, as it always does, and this exchange is over."
    if " 101" in seen.line:
        return (
            "`101` means agreed. From here on this connection carries frames, in both directions,"
            " and no more requests."
        )
    if seen.asked.startswith("POST"):
        return "The server has taken the packets. `OK` says no more than that."
    if " 200" not in seen.line:
        return "The server does not take this request."
    return " ".join(_packet(packet, seen) for packet in seen.packets)


def _frame(seen: Seen) -> str:
    return " ".join(_packet(packet, seen) for packet in seen.packets)


def _packet(packet: Packet, seen: Seen) -> str:
    who = _subject(seen)
    match packet.kind:
        case "open":
            return (
                "The server opens a session and gives it an id, the `sid`. It also says which"
                " other lines may be tried, and how often its heartbeat will come."
            )
        case "ping":
            return (
                "The server asks whether the client is still there: a quiet line and a broken one"
                " look the same."
            )
        case "pong":
            return f"{who} is there. Without this answer, the server would soon give the line up."
        case "ping probe":
            return f"{who} sends a test along the new line. The old one is still in use."
        case "pong probe":
            return "The test comes back: the new line carries both ways."
        case "upgrade":
            return f"{who} changes over. Whatever comes now travels by WebSocket."
        case "noop" if carrier(seen) == WEBSOCKET:
            return (
                "Left over from the change: the server had put it in line to end a waiting"
                " request. The client ignores it."
            )
        case "noop":
            return (
                "The server ends the waiting request with a packet that means nothing. While the"
                " change is under way, nothing else goes this way."
            )
        case "attachment":
            return f"{who} sends the bytes themselves, in a binary frame: no JSON, no base64."
    return _socket(packet, seen, who)


def _socket(packet: Packet, seen: Seen, who: str) -> str:
    out, meaning = seen.direction == OUT, packet.meaning
    space = f"the namespace `{meaning.namespace}`"
    match packet.kind:
        case "connect" if out:
            word = " It brings its `auth` data along." if meaning.data else ""
            return f"{who} asks to join {space}. On the server, your `connect` handler runs.{word}"
        case "connect":
            return (
                f"The server lets it in. In the page, `connect` happens; this `sid`, of {space},"
                " is the `request.sid` of your handlers."
            )
        case "connect error":
            return "The handler refused. The line itself stays open; the namespace does not."
        case "disconnect":
            return f"{who} leaves {space}."
        case "event" | "binary event":
            more = (
                f" The number {meaning.ack} asks for an acknowledgement."
                if meaning.ack is not None
                else ""
            )
            where = "" if meaning.namespace == "/" else f" in {space}"
            heard = "The handler" if out else f"{seen.who}'s listener"
            return (
                f"{who} sends the event `{meaning.event}`{where}. {heard} of that name runs.{more}"
            )
        case "ack" | "binary ack":
            return (
                f"What the handler returned goes back, under the number {meaning.ack}. The page's"
                " callback for that number is called."
            )
    return f"{who} sends something that is no packet."


def _close(seen: Seen) -> str:
    return f"{_subject(seen)} closes the WebSocket."


def _cut(seen: Seen) -> str:
    return "We cut every connection, as a tunnel or a lost wireless network would."


def _mend(seen: Seen) -> str:
    return "The way is open again. Nobody tells the client; it has to try."


def _failed(seen: Seen) -> str:
    return (
        f"{seen.who} tries to connect, and nobody answers. It will wait longer before it tries"
        " again."
    )


_TELLERS: dict[str, Callable[[Seen], str]] = {
    "request": _request,
    "response": _response,
    "close": _close,
    "cut": _cut,
    "mend": _mend,
    "failed": _failed,
}
