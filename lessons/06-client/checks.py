"""Lesson 6: a page loads the client, connects, sends a message and shows the answer.

The page runs in a JavaScript engine beside the learner's own running server. For the last checks a
witness stands between the two: it writes down each packet, and adds a mark to the text of each
`response`, so that only a page that got its text from the server can show it.
"""

import re
import time
from typing import NoReturn
from urllib.parse import urlsplit

from checker import App, Failure, Page, Server, check, expect, shown

START = 20.0
"""Seconds for a server to come up: with debug mode on, two processes have to."""
ATTEMPTS = 8
"""Half seconds for a page to connect. It takes a tenth of a second; a busy machine takes more."""
ARRIVING = 5.0
"""Seconds for an event that the page has sent to reach the witness."""
SHOWN = 3.0
"""Seconds for an answer to come and to be shown."""


@check(task=1)
def page_is_served(app: App) -> None:
    """`/` answers with an HTML page."""
    response = app.get("/")
    if 300 <= response.status < 400:
        return
    _explain_template(app, response.status)
    expect(
        response.status == 200,
        f"`/` answers with status {response.status}. The task asks for the page there.",
        help='Return the page from the function below `@app.route("/")`.',
    )
    kind = response.headers.get("Content-Type", "")
    expect(
        "html" in kind and re.search(r"<[a-z!]", response.text, re.I),
        f"`/` answers with {shown(response.text, 60)}, sent as {kind.partition(';')[0]}. The task "
        "asks for an HTML page.",
        help='Return a page, with tags in it: `return render_template("index.html")` sends the '
        "file `templates/index.html`.",
    )


@check(task=1, points=2, needs=page_is_served)
def client_is_loaded(app: App) -> None:
    """The page loads the Socket.IO client, in a version that your server understands."""
    page = _opened(app)
    if not _tried_to_load(page):
        page.interact(app.nonce("typed "), within=2)
    _refuse_old_client(app, page)
    if _has_client(page):
        return
    _explain_missing_file(app, page)
    _explain_raw_websocket(app, page)
    _explain_module(app, page)
    _explain_comment(app)
    raise Failure(
        "Your page does not load the Socket.IO client. The task asks for it.",
        help="A browser has no Socket.IO of its own. Put a `<script>` with the address of the "
        "client into the `<head>` of your page.",
    )


@check(task=2, points=3, needs=client_is_loaded)
def message_is_sent(app: App) -> None:
    """The page connects and sends a `message`, by itself or when somebody uses it."""
    page = _opened(app, witness=True)
    _expect_connected(app, page)
    did = _use(app, page)
    names = _sent(page)
    if "message" in names:
        return
    if names:
        line, place = _where(app, f'"{names[0]}"', f"'{names[0]}'")
        raise Failure(
            f"Your page sent {_listed(names)}, and no `message`.{place}",
            help="The name of the event is `message` on both sides, and every letter counts.",
            line=line,
        )
    _explain_script_error(app, page)
    tried = f" The checker also {', then '.join(did[:6])}." if did else ""
    raise Failure(
        f"Your page connected and sent no event. The task asks for a `message`.{tried}",
        help="`socket.emit(name, payload)` sends. Call it when the page is connected, or when "
        "somebody presses a button, and look at the name in each `socket.on(…)`.",
    )


@check(task=3, points=3, needs=message_is_sent)
def answer_is_shown(app: App) -> None:
    """The page shows the text of the answer that your server sends."""
    page = _opened(app, witness=True)
    _expect_connected(app, page)
    _use(app, page)
    _expect_answer(app, page)
    mark = str(page.mark)
    if page.wait_text(mark, within=SHOWN) or mark.lower() in page.text.lower():
        return
    _explain_reload(page)
    _explain_script_error(app, page)
    _explain_shown_instead(page)
    _explain_listener(app)
    raise Failure(
        "The answer reached your page, and its text cannot be read there. "
        f"The page reads: {shown(page.text, 120)}",
        help="In the listener for `response`, put `data.data` into an element that can be seen: "
        '`document.getElementById("answer").textContent = data.data`.',
    )


# --- Why there is no page ---------------------------------------------------------------------


def _explain_template(app: App, status: int) -> None:
    """Raise a Failure if Flask did not find the template, or could not fill it in."""
    entry, line = app.source.entry, app.source.line_of("render_template(")
    missing = re.search(r"TemplateNotFound: (\S+)", app.output)
    name = missing[1] if missing else ""
    inside = re.sub(r"^[./]*templates/", "", name)
    expect(
        inside == name,
        f"`/` answers with status {status}: Flask does not find the template {shown(name)}, which "
        f"`{entry}` asks for. It looks in the folder `templates` by itself.",
        help="Leave the folder out of the name: `render_template` takes the name that the file has "
        f"inside `templates`, here {shown(inside)}.",
        line=line,
    )
    expect(
        missing is None,
        f"`/` answers with status {status}: Flask does not find the template {shown(name)}, which "
        f"`{entry}` asks for.",
        help="Templates live in a folder called `templates`, with an s, beside `app.py`. Compare "
        "the name of the file letter by letter.",
        line=line,
    )
    stopped = re.search(r"^jinja2\.exceptions\.(\w+: .+)", app.output, re.M)
    if stopped is None:
        return
    file, number = _template_line(app)
    raise Failure(
        f"`/` answers with status {status}: Flask stopped in your template, "
        f"with {stopped[1][:200]}.{f' The line is {number} of {file}.' if number else ''}",
        help="What stands between `{{` and `}}`, or `{%` and `%}`, is for Flask, which fills it in "
        "before the page leaves your server. Names of your JavaScript stand there without "
        "braces: `data.data`.",
        line=number,
    )


def _template_line(app: App) -> tuple[str, int | None]:
    """Find the line of a template in the last error: (file, line)."""
    frames = re.findall(r'File "([^"\n]+)", line (\d+), in [^\n]*template', app.output)
    for path, number in reversed(frames):
        for name in sorted(app.files, key=len, reverse=True):
            if path.endswith(f"/{name}"):
                return name, int(number)
    return "", None


# --- Opening and using the page ---------------------------------------------------------------


def _opened(app: App, *, witness: bool = False) -> Page:
    """Open the page of the running server.

    In debug mode a first process may hold the port before a second one answers there, so the page
    is fetched once before the browser comes.
    """
    server: Server = app.serve(timeout=START, browser=True)
    server.get("/", timeout=START)
    return server.page(witness=witness)


def _expect_connected(app: App, page: Page) -> None:
    if _connects(page):
        return
    page.interact(app.nonce("typed "), within=2)
    if page.wait_connected(within=1.5):
        return
    _explain_script_error(app, page)
    _explain_origin(app, page)
    if page.connections:
        _explain_server(app, "tries to connect and does not succeed")
    _explain_namespace(app, page)
    _explain_address(app, page)
    _explain_raw_websocket(app, page)
    _explain_swallowed_script(app)
    _explain_closed(app, page)
    raise Failure(
        "Your page loads the client and never connects.",
        help="`const socket = io();` connects to the server that the page came from.",
    )


def _connects(page: Page) -> bool:
    for _ in range(ATTEMPTS):
        if page.wait_connected(within=0.5):
            return True
        failed = [item for item in page.connections if item["problem"]]
        stuck = page.errors and not page.connections
        if stuck or len(failed) > 1 or "refused" in page.namespaces.values():
            return False
    return False


def _use(app: App, page: Page) -> tuple[str, ...]:
    """Wait for a message that the page sends by itself, else type and press until one is sent."""
    if page.wait_sent("message", within=1.0):
        return ()
    did = page.interact(app.nonce("typed "), within=5)
    page.wait_sent("message", within=2.0)
    return did


def _sent(page: Page) -> list[str]:
    """Names of the events that the witness saw; the page knows of its own a moment earlier."""
    on_its_way = page.wait_sent("message", within=0.05)
    end = time.monotonic() + ARRIVING
    names = [event.name for event in page.sent()]
    while on_its_way and "message" not in names and time.monotonic() < end:
        time.sleep(0.05)
        names = [event.name for event in page.sent()]
    return names


# --- Why the client is not there --------------------------------------------------------------


def _tried_to_load(page: Page) -> bool:
    asked = [item for item in page.requests if item["kind"] in {"script", "module", "websocket"}]
    return bool(asked or page.errors)


def _has_client(page: Page) -> bool:
    good = [item for item in page.client["references"] if item["problem"] is None]
    speaks = [item for item in page.connections if item["engineio"] == "4"]
    return bool(good or speaks or page.client["global_io"])


def _refuse_old_client(app: App, page: Page) -> None:
    spoken = [item["engineio"] for item in page.connections]
    known = [item for item in page.client["references"] if item["version"]]
    if "4" in spoken or not (known or "3" in spoken):
        return
    version = str(known[-1]["version"]) if known else "1 or 2"
    old = "3" in spoken or int(re.split(r"\D", version)[0]) < 3
    line, place = _where(app, str(known[-1]["url"]).partition("://")[2]) if known else (None, "")
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


def _explain_missing_file(app: App, page: Page) -> None:
    broken = [item for item in page.client["references"] if item["problem"]]
    if not broken:
        return
    url = str(broken[0]["url"])
    path = urlsplit(url).path
    line, place = _where(app, url.partition("://")[2], path)
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


def _explain_raw_websocket(app: App, page: Page) -> None:
    raw = [r for r in page.requests if r["kind"] == "websocket" and "EIO=" not in str(r["url"])]
    if not raw:
        return
    line, place = _where(app, "new WebSocket")
    raise Failure(
        f"Your page opens a plain WebSocket to `{raw[0]['url']}`. Your server speaks Socket.IO, "
        f"which is another language on the same line.{place}",
        help="Socket.IO packs names, payloads and signs of life into its messages in a way of its "
        "own. Load the Socket.IO client, and use `io()` in place of `new WebSocket(…)`.",
        line=line,
    )


def _explain_module(app: App, page: Page) -> None:
    failed = [item for item in page.errors if "module specifier" in str(item["message"])]
    if not failed:
        return
    line, place = _place(app, failed[0]["source"], failed[0]["line"])
    raise Failure(
        f"Your page's script stopped: {failed[0]['message']}{place}",
        help="A browser does not know packages by name. Import the address of the module, "
        "`https://cdn.socket.io/4.8.1/socket.io.esm.min.js`, or explain the name with an import "
        "map.",
        line=line,
    )


def _explain_comment(app: App) -> None:
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


# --- Why the page does not connect ------------------------------------------------------------


def _explain_script_error(app: App, page: Page) -> None:
    errors = [item for item in page.errors if item["kind"] != "not-implemented"]
    if not errors or "is not defined" in str(errors[0]["message"]):
        _explain_lost_script(app, page)
    if not errors:
        return
    error = errors[0]
    line, place = _place(app, error["source"], error["line"])
    said = f"Your page's script stopped with {error['name']}: {error['message']}.{place}"
    expect(
        "io is not defined" not in str(error["message"]),
        f"{said} At that moment the client was not loaded yet.",
        help="A page runs its scripts from top to bottom. Put the `<script>` that loads the "
        "client above the one that uses `io`.",
        line=line,
    )
    expect(
        "null" not in str(error["message"]),
        f"{said} `null` means that the page has no such element.",
        help="Compare the id in `getElementById(…)` with the `id=` of the element, letter by "
        "letter. The element must stand above the script that looks for it.",
        line=line,
    )
    expect(
        "already been declared" not in str(error["message"]),
        said,
        help="`const` and `let` make a new name, and a page makes each name once. Use the one that "
        "is there already, and take the second `const` or `let` away.",
        line=line,
    )
    expect(
        "does not provide an export" not in str(error["message"]),
        said,
        help="`import` reads modules, and this file is none, or has no such name in it. The client "
        "as a module is `https://cdn.socket.io/4.8.1/socket.io.esm.min.js`; it gives you `io`.",
        line=line,
    )
    raise Failure(
        said,
        help="Read the error in your browser too: press F12 and open the console. A script that "
        "stops runs none of the lines below.",
        line=line,
    )


def _explain_lost_script(app: App, page: Page) -> None:
    """Raise a Failure if the learner's own server does not have a script of the page."""
    lost = [
        item
        for item in page.requests
        if item["kind"] in {"script", "module"}
        and item["by"] == "server"
        and (item["status"] or 0) >= 400
    ]
    if not lost:
        return
    path = urlsplit(str(lost[0]["url"])).path
    file = path.rpartition("/")[2]
    names = [path, path.removeprefix("/"), file]
    line, place = _where(app, *(f"{mark}{name}{mark}" for name in names for mark in "\"'"), file)
    raise Failure(
        f"Your page asks your server for the script `{path}`, and the server answers with status "
        f"{lost[0]['status']}, so nothing of that script runs.{place}",
        help="Flask hands out the files of the folder `static`, and the address of each begins "
        f'with `/static/`: `<script src="/static/{file}"></script>`.',
        line=line,
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
    line, place = _where(app, f'"{refused[0]}"', f"'{refused[0]}'", refused[0])
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
    line, place = _where(app, asked)
    expect(
        own == asked,
        f"Your page comes from {own} and connects to {asked}. To a browser and to your server "
        f"these are two origins, and the server answers: Not an accepted origin.{place}",
        help="Leave the address out: `io()` connects to wherever the page came from. An origin is "
        "scheme, host and port together, so `localhost` and `127.0.0.1` are two.",
        line=line,
    )
    line, place = _where(app, "cors_allowed_origins")
    raise Failure(
        f"Your page comes from {own}, and your server turns it away: Not an accepted origin. "
        f"The origins that it accepts are a list of your own.{place}",
        help="Take `cors_allowed_origins` out: the page of your own server is accepted without "
        "it. The setting is for pages that come from elsewhere, and then it must name them all.",
        line=line,
    )


def _explain_address(app: App, page: Page) -> None:
    lost = [r for r in page.requests if r["problem"] and r["kind"] in {"xhr", "websocket"}]
    failed = [*(c for c in page.connections if c["problem"]), *lost]
    if not failed:
        return
    asked = _origin(failed[0]["url"])
    line, place = _where(app, asked, asked.partition("://")[2])
    raise Failure(
        f"Your page comes from {_origin(page.about['url'])}, tries to connect to "
        f"{failed[0]['url']}, and does not succeed: {failed[0]['problem']}{place}",
        help="Connect to the server that the page came from: `io()`, without an address and "
        "without settings.",
        line=line,
    )


def _explain_closed(app: App, page: Page) -> None:
    """Raise a Failure if the page began to connect, and its own lines close the connection."""
    began = page.connections or any("/socket.io/?" in str(item["url"]) for item in page.requests)
    closes = re.compile(r"\b(\w+\.(?:close|disconnect)\(\))")
    pages = [name for name in sorted(app.files) if name.endswith((".html", ".htm", ".js", ".mjs"))]
    calls = [call for name in pages for call in closes.findall(app.source.text(name))]
    if not (began and calls):
        return
    line, place = _where(app, calls[-1])
    raise Failure(
        "Your page begins to connect, and gives it up before your server can answer: it calls "
        f"`{calls[-1][:60]}`.{place}",
        help="A page stays connected until it is closed, and needs no line for that. Take this "
        "one away, or call it when somebody wants to leave.",
        line=line,
    )


def _explain_swallowed_script(app: App) -> None:
    """Raise a Failure if code stands inside a `<script src=…>`, where nobody runs it."""
    for name in sorted(app.files):
        text = app.source.text(name)
        found = re.search(r"<script[^>]*\ssrc=[^>]*>\s*(\S[^\n]*)", text, re.I)
        if found is None or found[1].lower().startswith("</script"):
            continue
        line, place = _where(app, found[0].partition("\n")[0])
        raise Failure(
            "Your page never connects: a `<script src=…>` runs what stands at its address, and "
            f"leaves aside what stands between its tags: `{found[1][:60]}`.{place}",
            help='Close the first script right away, `<script src="…"></script>`, and put your '
            "own lines into a second `<script>` below it.",
            line=line,
        )


# --- Why the answer is not to be seen ---------------------------------------------------------


def _expect_answer(app: App, page: Page) -> None:
    page.wait_received("response", within=SHOWN)
    arrived = page.received()
    answers = [event for event in arrived if event.name == "response"]
    if not answers:
        _explain_empty_message(app, page)
        _explain_silent_server(app, [event.name for event in arrived])
    said = answers[0].data
    expect(
        isinstance(said, dict) and said.get("data") == "Message received!",
        f"The payload of your server's `response` is {shown(said)}. The task keeps the answer of "
        "lesson 4.",
        help='The payload is `{"data": "Message received!"}`.',
        line=app.source.line_of("emit("),
    )


def _explain_empty_message(app: App, page: Page) -> None:
    """Raise a Failure if the handler waits for a payload, and the page sends none."""
    line, error = _last_error(app)
    empty = any(event.name == "message" and not event.args for event in page.sent())
    if not empty or "required positional argument" not in error:
        return
    line, place = _where(app, 'emit("message"', "emit('message'", "emit(")
    raise Failure(
        "Your page sends `message` without a payload, and the handler in your server waits for "
        f"one: {error}.{place}",
        help='The payload stands behind the name: `socket.emit("message", "Hello")`.',
        line=line,
    )


def _explain_silent_server(app: App, arrived: list[str]) -> NoReturn:
    _explain_server(app, "sent a `message` and had no answer")
    handled = [name for _, name in app.load().events if name not in {"connect", "disconnect"}]
    raise Failure(
        "Your page sent a `message`, and your server answered with "
        f"{_listed(arrived) if arrived else 'nothing'}. The task asks for `response`. "
        f"Your app has handlers for {_listed(handled) if handled else 'no event'}.",
        help='Answer in `app.py`, as in lesson 4: `emit("response", {"data": "Message '
        'received!"})` in the handler for `message`.',
        line=app.source.line_of("emit("),
    )


def _explain_server(app: App, doing: str) -> None:
    """Raise a Failure if the reason is the server's own: its mode, or an error that it printed."""
    line, error = _last_error(app)
    loaded = app.load()
    if loaded.served and loaded.served.get("by") == "app.run" and loaded.async_mode != "threading":
        cause = (
            f"The `async_mode` is {loaded.async_mode}, and the script starts Flask's own server "
            "with `run()`, which never gives that mode its turn. `socketio.run(app)` does."
        )
        line = app.source.line_of(".run(")
    elif error:
        cause = f"Your server stopped on the way: {error}"
    else:
        return
    raise Failure(
        f"Your page {doing}. {cause}",
        help="The cause is in your server, not in the page. Look into its terminal: the last "
        "lines name the error and the place.",
        line=line,
    )


def _last_error(app: App) -> tuple[int | None, str]:
    """Find the last error of the learner's own script, or of a call to it: (line, its words)."""
    own = re.compile(
        rf'File "[^"\n]*/(?:app|course-app-[^/"]+)/{re.escape(app.source.entry)}", line (\d+)'
    )
    for part in reversed(app.output.split("Traceback (most recent call last)")[1:]):
        error = re.search(r"^\w[\w.]*(?:Error|Exception)\b.*", part, re.M)
        called = re.search(r"TypeError: (\w+)\(\) (?:takes|missing)", part)
        lines = own.findall(part)
        if error and lines:
            return int(lines[-1]), error[0][:200]
        if error and called:
            return app.source.line_of(f"def {called[1]}("), error[0][:200]
    return None, ""


def _explain_reload(page: Page) -> None:
    expect(
        all(item["kind"] != "navigation" for item in page.requests),
        "Your page sent the message and then went away: the browser sent the form to the server "
        "and loaded the page anew, so nobody was there when the answer came.",
        help="Stop the form in its listener: `event.preventDefault();` is its first line.",
    )


def _explain_shown_instead(page: Page) -> None:
    mark, text = str(page.mark), page.text
    expect(
        all(mark not in str(item["text"]) for item in page.console),
        "Your page writes the answer to the console, where visitors do not look. The task asks "
        "for it on the page.",
        help="`console.log` is for you. For visitors, change an element of the page, for instance "
        "its `textContent`.",
    )
    expect(
        "[object Object]" not in text,
        "Your page shows [object Object]. The payload of `response` is an object, and that is "
        "what JavaScript makes of an object when it needs a text.",
        help="Take the text out of the object: with `(data) => { … }`, it is `data.data`.",
    )
    expect(
        "undefined" not in text,
        "Your page shows undefined. It asks the payload for something that is not in it.",
        help='The payload is `{"data": "Message received!"}`, so the text is `data.data`.',
    )
    expect(
        "Message received!" not in text,
        f"The answer of this run was {shown('Message received!' + mark)}: the checker adds a few "
        "letters on the way. Your page shows `Message received!`, so that text was written in "
        "advance.",
        help="Take the text from the event, `data.data`, and write it into the page when the "
        "event arrives.",
    )


def _explain_listener(app: App) -> None:
    pages = [name for name in app.files if name.endswith((".html", ".htm", ".js", ".mjs", ".py"))]
    listens = re.compile(r"""\.on\(\s*["'`]([^"'`]+)["'`]""")
    found = [name for file in pages for name in listens.findall(app.source.text(file))]
    others = [name for name in found if name not in {"connect", "disconnect", "message"}]
    if not others or "response" in others:
        return
    line, place = _where(app, f'"{others[0]}"', f"'{others[0]}'")
    raise Failure(
        f"Your server sends `response`, and your page listens for {_listed(others)}.{place}",
        help="The name in `socket.on(…)` must be the name that the server gives to `emit`, letter "
        "by letter.",
        line=line,
    )


# --- Words and places -------------------------------------------------------------------------


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name[:60]}`" for name in dict.fromkeys(names[:8]))


def _origin(url: object) -> str:
    parts = urlsplit(re.sub(r"^ws", "http", str(url)))
    return f"{parts.scheme}://{parts.netloc}"


def _place(app: App, source: object, number: int | None) -> tuple[int | None, str]:
    """Where the line of an error stands in the learner's files: at its number, else anywhere."""
    if not source:
        return None, ""
    for name in sorted(app.files):
        lines = app.source.text(name).splitlines()
        stands = number and 0 < number <= len(lines) and lines[number - 1].strip() == source
        if stands and name != app.source.entry:
            return None, f" The line is {number} of {name}."
    line, place = _where(app, str(source))
    return line, place or (f" It happened in `{source}`." if line is None else "")


def _where(app: App, *texts: str) -> tuple[int | None, str]:
    """Find the first of ``texts`` in the learner's files: (line of the script, sentence)."""
    names = sorted(app.files, key=lambda name: (not name.endswith((".html", ".js")), name))
    for text in filter(None, texts):
        for name in names:
            line = app.source.line_of(text, name)
            if line is not None:
                own = name == app.source.entry
                return (line, "") if own else (None, f" The line is {line} of {name}.")
    return None, ""
