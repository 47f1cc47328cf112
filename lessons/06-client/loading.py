"""Why the Socket.IO client is not there, or is one that the server does not understand."""

import re

from checker import App, Failure, Page, expect, url_parts

from .places import where


def tried_to_load(page: Page) -> bool:
    """Whether the page asked for a script, or failed on the way to it."""
    asked = [item for item in page.requests if item["kind"] in {"script", "module", "websocket"}]
    return bool(asked or page.errors)


def has_client(page: Page) -> bool:
    """Whether the page holds a client that speaks to the server."""
    good = [item for item in page.client["references"] if item["problem"] is None]
    speaks = [item for item in page.connections if item["engineio"] == "4"]
    return bool(good or speaks or page.client["global_io"])


def refuse_old_client(app: App, page: Page) -> None:
    """Raise a Failure if the page speaks the protocol of years ago."""
    spoken = [item["engineio"] for item in page.connections]
    known = [item for item in page.client["references"] if item["version"]]
    if "4" in spoken or not (known or "3" in spoken):
        return
    version = str(known[-1]["version"]) if known else "1 or 2"
    old = "3" in spoken or re.match(r"[0-2]\b", version) is not None
    line, place = where(app, str(known[-1]["url"]).partition("://")[2]) if known else (None, "")
    expect(
        not old,
        f"Your page loads version {version} of the Socket.IO client. Your server is Flask-SocketIO "
        f"{app.versions.get('flask-socketio', '5')} and turns it away: it speaks EIO=4, as client "
        f"versions 3 and 4 do, and this client speaks EIO=3.{place}",
        help="Load version 4 of the client: "
        "`https://cdn.socket.io/4.8.1/socket.io.min.js`. The numbers of client and server "
        "packages are not the same; what must match is the protocol.",
        line=line,
    )


def explain_missing_file(app: App, page: Page) -> None:
    """Raise a Failure if the client does not arrive from where the page asks for it."""
    broken = [item for item in page.client["references"] if item["problem"]]
    if not broken:
        return
    url = str(broken[0]["url"])
    path = url_parts(url).path
    line, place = where(app, url.partition("://")[2], path)
    expect(
        broken[0]["from"] != "server" or not path.startswith("/socket.io/"),
        f"Your page asks your own server for `{path}`, and the server answers that it has no such "
        f"thing.{place}",
        help="Servers written in Node hand out the client at that address. Flask-SocketIO does "
        "not. Load it from `https://cdn.socket.io/4.8.1/socket.io.min.js`, or put a copy into "
        "your folder `static`.",
        line=line,
    )
    said = (
        f"Your page asks for the Socket.IO client at `{url}`, and it does not arrive: "
        f"{broken[0]['problem']}{place}"
    )
    expect(
        "integrity" not in str(broken[0]["problem"]),
        said,
        help="The address is right. Take `integrity=` out of the tag, or copy the whole tag anew "
        "from the place that you have the address from: each version of each file has an "
        "`integrity` of its own.",
        line=line,
    )
    raise Failure(
        said,
        help="Compare the address letter by letter with "
        "`https://cdn.socket.io/4.8.1/socket.io.min.js`. A copy of your own belongs into the "
        "folder `static`, and its address begins with `/static/`.",
        line=line,
    )


def explain_raw_websocket(app: App, page: Page) -> None:
    """Raise a Failure if the page opens a WebSocket without Socket.IO."""
    raw = [r for r in page.requests if r["kind"] == "websocket" and "EIO=" not in str(r["url"])]
    if not raw:
        return
    line, place = where(app, "new WebSocket")
    raise Failure(
        f"Your page opens a plain WebSocket to `{raw[0]['url']}`. Your server speaks Socket.IO, "
        f"which is another language on the same line.{place}",
        help="Socket.IO packs names, payloads and signs of life into its messages in a way of its "
        "own. Load the Socket.IO client, and use `io()` in place of `new WebSocket(…)`.",
        line=line,
    )


def explain_comment(app: App) -> None:
    """Raise a Failure if the tag that loads the client stands between comment marks."""
    for name in sorted(name for name in app.files if name.endswith((".html", ".htm"))):
        before, *comments = app.source.text(name).split("<!--")
        for comment in comments:
            tag = re.search(
                r"<script[^>]{0,300}socket\.?io", comment.partition("-->")[0][:3000], re.I
            )
            if tag:
                line = before.count("\n") + comment.count("\n", 0, tag.start()) + 1
                raise Failure(
                    "Your page does not load the Socket.IO client: the tag for it is part of a "
                    f"comment. The line is {line} of {name}.",
                    help="A browser leaves out what stands between `<!--` and `-->`. Take the two "
                    "marks away.",
                    line=line,
                )
            before += f"<!--{comment}"
