"""Why the page does not connect."""

import re

from checker import App, Failure, Page, expect, url_parts

from .errors import explain_script_error
from .loading import explain_raw_websocket
from .places import SCRIPTED, where
from .scripts import explain_open_comment, explain_swallowed_script
from .server import explain_server
from .visit import connects

WAITS = re.compile(r"autoConnect\s*:\s*false")


def expect_connected(app: App, page: Page) -> None:
    """Raise a Failure that says why the page does not connect, if it does not."""
    if connects(page):
        return
    page.interact(app.nonce("typed "), within=2)
    if page.wait_connected(within=1.5):
        return
    explain_script_error(app, page)
    _explain_origin(app, page)
    if page.connections:
        explain_server(app, "tries to connect and does not succeed")
    _explain_namespace(app, page)
    _explain_address(app, page)
    explain_raw_websocket(app, page)
    explain_swallowed_script(app)
    explain_open_comment(app)
    explain_closed(app, page)
    _explain_waiting(app)
    _explain_unfilled(app)
    raise Failure(
        "Your page loads the client and never connects.",
        help="`const socket = io();` connects to the server that the page came from.",
    )


def _explain_namespace(app: App, page: Page) -> None:
    refused = [name for name, state in page.namespaces.items() if state == "refused"]
    if not refused:
        return
    expect(
        refused[0] != "/",
        "Your server refuses the connection of your page: its handler for `connect` does.",
        help="A handler for `connect` that returns `False` or raises sends the client away. Let "
        "it return nothing.",
        line=app.source.line_of("connect"),
    )
    line, place = where(app, f'"{refused[0]}"', f"'{refused[0]}'", refused[0])
    raise Failure(
        f"Your page asks for the namespace `{refused[0]}`, and your server has no handler there."
        f"{place}",
        help="What stands in the brackets of `io(…)` after the address is a namespace, not a "
        "page. Write `io()`, or give the same namespace to your handlers.",
        line=line,
    )


def _explain_origin(app: App, page: Page) -> None:
    told = [item for item in page.requests if "accepted origin" in str(item["body"])]
    if not told:
        return
    own, asked = _origin(page.about["url"]), _origin(told[0]["url"])
    line, place = where(app, asked)
    expect(
        own == asked,
        f"Your page comes from {own} and connects to {asked}. To a browser and to your server "
        f"these are two origins, and the server answers: Not an accepted origin.{place}",
        help="Leave the address out: `io()` connects to wherever the page came from. An origin is "
        "scheme, host and port together, so `localhost` and `127.0.0.1` are two.",
        line=line,
    )
    line, place = where(app, "cors_allowed_origins")
    raise Failure(
        f"Your page comes from {own}, and your server turns it away: Not an accepted origin. "
        f"The origins that it accepts are a list of your own.{place}",
        help="Take `cors_allowed_origins` out: the page of your own server is accepted without "
        "it. The setting is for pages that come from elsewhere, and then it must name them all.",
        line=line,
    )


def _origin(url: object) -> str:
    parts = url_parts(re.sub(r"^ws", "http", str(url)))
    return f"{parts.scheme}://{parts.netloc}"


def _explain_address(app: App, page: Page) -> None:
    lost = [r for r in page.requests if r["problem"] and r["kind"] in {"xhr", "websocket"}]
    failed = [*(c for c in page.connections if c["problem"]), *lost]
    if not failed:
        return
    asked = _origin(failed[0]["url"])
    line, place = where(app, asked, asked.partition("://")[2])
    raise Failure(
        f"Your page comes from {_origin(page.about['url'])}, tries to connect to "
        f"{failed[0]['url']}, and does not succeed: {_in_short(failed[0]['problem'])}{place}",
        help="Connect to the server that the page came from: `io()`, without an address and "
        "without settings.",
        line=line,
    )


def _in_short(problem: object) -> str:
    """What went wrong, in a sentence: not the whole page of a server, nor the words of OpenSSL."""
    said = str(problem).strip()
    if ":SSL" in said:
        return "It begins with `https`, and what listens there speaks `http`."
    title = re.search(r"<title>([^<]{1,80})</title>", said, re.I)
    return f"The server answers: {title[1].strip()}." if title else said


def _explain_waiting(app: App) -> None:
    """Raise a Failure if the client was told to wait for a call that never comes."""
    texts = [app.source.text(name) for name in app.files if name.endswith(SCRIPTED)]
    waits = next((found[0] for text in texts if (found := WAITS.search(text))), None)
    if waits is None or any(re.search(r"\.(?:connect|open)\(\)", text) for text in texts):
        return
    line, place = where(app, waits)
    raise Failure(
        f"Your page loads the client and never connects: `{waits}` lets it wait for a call of "
        f"`connect()`, and no line makes that call.{place}",
        help=f"Take `{waits}` out of the brackets of `io(…)`.",
        line=line,
    )


def _explain_unfilled(app: App) -> None:
    """Raise a Failure if a script outside of the templates counts on Flask to fill it in."""
    for name in sorted(name for name in app.files if name.endswith((".js", ".mjs"))):
        found = re.search(r"\{\{[^{}\n]{1,80}\}\}", app.source.text(name))
        if found:
            _, place = where(app, found[0])
            raise Failure(
                f"Your page loads the client and never connects. `{found[0]}` arrives in the "
                f"browser as it stands.{place}",
                help="Flask fills in templates, and no other files. In a script of its own, "
                "`io()` needs no address.",
            )


def explain_closed(app: App, page: Page) -> None:
    """Raise a Failure if the page began to connect, and its own lines close the connection."""
    began = page.connections or any("/socket.io/?" in str(item["url"]) for item in page.requests)
    closes = re.compile(r"\b(\w+\.(?:close|disconnect)\(\))")
    pages = [name for name in sorted(app.files) if name.endswith((".html", ".htm", ".js", ".mjs"))]
    calls = [call for name in pages for call in closes.findall(app.source.text(name))]
    if not (began and calls):
        return
    line, place = where(app, calls[-1])
    raise Failure(
        "Your page begins to connect, and gives it up before your server can answer: it calls "
        f"`{calls[-1][:60]}`.{place}",
        help="A page stays connected until it is closed, and needs no line for that. Take this "
        "one away, or call it when somebody wants to leave.",
        line=line,
    )
