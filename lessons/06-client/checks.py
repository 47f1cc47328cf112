"""Lesson 6: a page loads the client, connects, sends a message and shows the answer.

The page runs in a JavaScript engine beside the learner's own running server. For the last checks a
witness stands between the two: it writes down each packet, and adds a mark to the text of each
`response`, so that only a page that got its text from the server can show it.
"""

import re

from checker import App, Failure, check, expect, last_words, shown

from .answering import (
    expect_answer,
    explain_key,
    explain_listener,
    explain_reload,
    explain_shown_instead,
)
from .connecting import expect_connected
from .elements import explain_element
from .errors import explain_script_error
from .loading import (
    explain_comment,
    explain_missing_file,
    explain_raw_websocket,
    has_client,
    refuse_old_client,
    tried_to_load,
)
from .places import listed, where
from .scripts import explain_module
from .template import explain_template
from .visit import SHOWN, opened, sent, use


@check(task=1)
def page_is_served(app: App) -> None:
    """`/` answers with an HTML page."""
    response = app.get("/")
    if 300 <= response.status < 400:
        return
    explain_template(app, response.status)
    expect(
        response.status < 500,
        f"Opening the page `/` ends with an error. {last_words(app.output)}",
        help=response.advice
        or "Look at the function of that page. The line that is named is where your own code was.",
        line=response.line or app.source.line_of("route("),
    )
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
    page = opened(app)
    if not tried_to_load(page):
        page.interact(app.nonce("typed "), within=2)
    refuse_old_client(app, page)
    if has_client(page):
        return
    explain_missing_file(app, page)
    explain_raw_websocket(app, page)
    explain_module(app, page)
    explain_comment(app)
    raise Failure(
        "Your page does not load the Socket.IO client. The task asks for it.",
        help="A browser has no Socket.IO of its own. Put a `<script>` with the address of the "
        "client into the `<head>` of your page.",
    )


@check(task=2, points=3, needs=client_is_loaded)
def message_is_sent(app: App) -> None:
    """The page connects and sends a `message`, by itself or when somebody uses it."""
    page = opened(app, witness=True)
    expect_connected(app, page)
    did = use(app, page)
    names = sent(page)
    if "message" in names:
        return
    if names:
        line, place = where(app, f'"{names[0]}"', f"'{names[0]}'")
        raise Failure(
            f"Your page sent {listed(names)}, and no `message`.{place}",
            help="The name of the event is `message` on both sides, and every letter counts.",
            line=line,
        )
    explain_script_error(app, page)
    tried = f" The checker also {', then '.join(did[:6])}." if did else ""
    raise Failure(
        f"Your page connected and sent no event. The task asks for a `message`.{tried}",
        help="`socket.emit(name, payload)` sends. Call it when the page is connected, or when "
        "somebody presses a button, and look at the name in each `socket.on(…)`.",
    )


@check(task=3, points=3, needs=message_is_sent)
def answer_is_shown(app: App) -> None:
    """The page shows the text of the answer that your server sends."""
    page = opened(app, witness=True)
    expect_connected(app, page)
    use(app, page)
    expect_answer(app, page)
    mark = str(page.mark)
    if page.wait_text(mark, within=SHOWN) or mark.lower() in page.text.lower():
        return
    explain_reload(page)
    explain_script_error(app, page)
    explain_shown_instead(page)
    explain_listener(app)
    explain_key(app)
    explain_element(app)
    raise Failure(
        "The answer reached your page, and its text cannot be read there. "
        f"The page reads: {shown(page.text, 120)}",
        help="In the listener for `response`, put `data.data` into an element that can be seen: "
        '`document.getElementById("answer").textContent = data.data`.',
    )
