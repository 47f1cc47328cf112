"""Why no answer comes to the page, and why one that came is not to be seen."""

import re
from typing import NoReturn

from checker import App, Failure, Page, expect, shown

from .connecting import explain_closed
from .places import SCRIPTED, listed, where
from .server import explain_server, own_error
from .visit import SHOWN


def expect_answer(app: App, page: Page) -> None:
    """Raise a Failure unless the server's own answer came to the page."""
    page.wait_received("response", within=SHOWN)
    arrived = page.received()
    answers = [event for event in arrived if event.name == "response"]
    if not answers:
        _explain_empty_message(app, page)
        if not page.wait_connected(within=0.1):
            explain_closed(app, page)
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
    """Raise a Failure if the handler waits for one payload, and the page sends none or more."""
    _, error = own_error(app)
    sizes = {len(event.args) for event in page.sent() if event.name == "message"} - {1}
    if not sizes or "positional argument" not in error:
        return
    line, place = where(app, 'emit("message"', "emit('message'", "emit(")
    most = max(sizes)
    expect(
        most == 0,
        f"Your page sends `message` with {most} payloads, and the handler in your server does not "
        f"take them: {error}.{place}",
        help="Put what belongs together into one payload: "
        '`socket.emit("message", { name: "Ada", text: "Hello" })`.',
        line=line,
    )
    raise Failure(
        "Your page sends `message` without a payload, and the handler in your server waits for "
        f"one: {error}.{place}",
        help='The payload stands behind the name: `socket.emit("message", "Hello")`.',
        line=line,
    )


def _explain_silent_server(app: App, arrived: list[str]) -> NoReturn:
    explain_server(app, "sent a `message` and had no answer")
    handled = [name for _, name in app.load().events if name not in {"connect", "disconnect"}]
    raise Failure(
        "Your page sent a `message`, and your server answered with "
        f"{listed(arrived) if arrived else 'nothing'}. The task asks for `response`. "
        f"Your app has handlers for {listed(handled) if handled else 'no event'}.",
        help='Answer in `app.py`, as in lesson 4: `emit("response", {"data": "Message '
        'received!"})` in the handler for `message`.',
        line=app.source.line_of("emit("),
    )


def explain_reload(page: Page) -> None:
    """Raise a Failure if the page was loaded anew before the answer came."""
    expect(
        all(item["kind"] != "navigation" for item in page.requests),
        "Your page sent the message and then went away: the browser sent the form to the server "
        "and loaded the page anew, so nobody was there when the answer came.",
        help="Stop the form in its listener: `event.preventDefault();` is its first line.",
    )


def explain_shown_instead(page: Page) -> None:
    """Raise a Failure if the page shows something else in place of the answer."""
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
        "${" not in text,
        "Your page shows `${…}`, and not what stands for it.",
        help="JavaScript fills in `${…}` between backticks, and not between quotation marks. Here "
        "you need neither: write `data.data` alone.",
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


def explain_key(app: App) -> None:
    """Raise a Failure if the listener for `response` asks its payload for another key."""
    takes = re.compile(
        r"""\.(?:on|once)\(\s{0,9}["'`]response["'`]\s{0,9},\s{0,9}"""
        r"""(?:async )?(?:function ?)?\(?\s{0,9}(\w{1,40})\b"""
    )
    for file in sorted(name for name in app.files if name.endswith(SCRIPTED)):
        text = app.source.text(file)
        found = takes.search(text)
        if found is None:
            continue
        asked = re.findall(rf"\b{found[1]}\.(\w{{1,40}})", text[found.end() :])
        if not asked or "data" in asked:
            continue
        line, place = where(app, f"{found[1]}.{asked[0]}")
        raise Failure(
            f"Your listener for `response` asks for `{found[1]}.{asked[0]}`, and there is no "
            f"`{asked[0]}` in the payload.{place}",
            help='The payload is `{"data": "Message received!"}`, so the text is '
            f"`{found[1]}.data`.",
            line=line,
        )


def explain_listener(app: App) -> None:
    """Raise a Failure if the page listens for another name than `response`."""
    pages = [name for name in app.files if name.endswith((".html", ".htm", ".js", ".mjs", ".py"))]
    listens = re.compile(r"""\.(?:on|once)\(\s*["'`]([^"'`]+)["'`]""")
    decorated = re.compile(r"^\s*@.*", re.M)  # what the server listens for, in its own file
    texts = [decorated.sub("", app.source.text(file)) for file in pages]
    found = [name for text in texts for name in listens.findall(text)]
    others = [name for name in found if name not in {"connect", "disconnect"}]
    if not others or "response" in others or any("onAny" in text for text in texts):
        return
    named = (f'"{others[0]}"', f"'{others[0]}'")
    line, place = where(app, *(f".{on}({name}" for on in ("on", "once") for name in named), *named)
    raise Failure(
        f"Your server sends `response`, and your page listens for {listed(others)}.{place}",
        help="The name in `socket.on(…)` must be the name that the server gives to `emit`, letter "
        "by letter.",
        line=line,
    )
