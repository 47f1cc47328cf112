"""Scripts of the page that stopped."""

import re

from checker import App, Failure, Page, expect

from .places import SCRIPTED, where, where_it_stopped
from .scripts import explain_lost_script

CLIENT = re.compile(r"<script\b[^>]{0,300}socket\.?io[^>]{0,300}>", re.I)
LATER = re.compile(r"\s(defer|async)\b", re.I)
CALLED_BACK = re.compile(r"\.emit\([^;\n]{0,200}(?:=>|\bfunction\b)")
LISTENS = re.compile(r"""\.(?:on|once)\(\s*["'`]response["'`]""")
TYPOGRAPHIC = re.compile("[\u2018-\u201f\u00ab\u00bb]")


def explain_script_error(app: App, page: Page) -> None:
    """Raise a Failure if a script of the page stopped, or was not found."""
    errors = [item for item in page.errors if item["kind"] != "not-implemented"]
    if not errors or "is not defined" in str(errors[0]["message"]):
        explain_lost_script(app, page)
    if not errors:
        return
    error = errors[0]
    message, source = str(error["message"]), str(error["source"])
    line, place = where_it_stopped(app, error["source"], error["line"])
    said = f"Your page's script stopped with {error['name']}: {message}.{place}"
    try:
        _explain_early_script(app, message, said)
        _explain_syntax(str(error["name"]), message, source, said)
        _explain_name(message, said)
        _explain_value(app, message, said)
    except Failure as failure:
        failure.line = line
        raise
    raise Failure(
        said,
        help="Read the error in your browser too: press F12 and open the console. A script that "
        "stops runs none of the lines below.",
        line=line,
    )


def _explain_early_script(app: App, message: str, said: str) -> None:
    """Raise a Failure if the script ran before the client was there."""
    if "io is not defined" not in message:
        return
    tags = [tag for name in sorted(app.files) for tag in CLIENT.findall(app.source.text(name))]
    later = next((found[1].lower() for tag in tags if (found := LATER.search(tag))), "")
    _, place = where(app, *tags)
    expect(
        not later,
        f"{said} At that moment the client was not loaded yet: its tag says `{later}`, and so the "
        f"browser goes on without waiting for it.{place}",
        help=f"Take `{later}` out of the tag that loads the client.",
    )
    raise Failure(
        f"{said} At that moment the client was not loaded yet.",
        help="A page runs its scripts from top to bottom. Put the `<script>` that loads the "
        "client above the one that uses `io`.",
    )


def _explain_syntax(name: str, message: str, source: str, said: str) -> None:
    """Raise a Failure if the browser cannot read the script."""
    expect(
        "already been declared" not in message,
        said,
        help="`const` and `let` make a new name, and a page makes each name once. Use the one that "
        "is there already, and take the second `const` or `let` away.",
    )
    expect(
        "does not provide an export" not in message,
        said,
        help="`import` reads modules, and this file is none, or has no such name in it. The client "
        "as a module is `https://cdn.socket.io/4.8.1/socket.io.esm.min.js`; it gives you `io`.",
    )
    if name != "SyntaxError":
        return
    curled = TYPOGRAPHIC.search(source)
    expect(
        curled is None,
        f"{said} It has the sign {curled[0] if curled else ''} in it, with which books are "
        "printed.",
        help="JavaScript knows the straight quotation marks of the keyboard, `\"` and `'`. Text "
        "programs and web pages like to bend them: type them anew.",
    )
    raise Failure(
        said,
        help="A browser that cannot read a script runs none of it. Look at this line and at those "
        "above it for a bracket, a brace or a quotation mark that has no partner.",
    )


def _explain_name(message: str, said: str) -> None:
    """Raise a Failure if a name is not there, or is none of a function."""
    expect(
        "is not defined" not in message,
        said,
        help="Compare the name with the line that makes it, `const … =`, letter by letter. A name "
        "of a library is there when a `<script>` above has loaded that library.",
    )
    expect(
        "is not a function" not in message,
        said,
        help="What stands in front of the brackets is no function. `on` and `emit` belong to what "
        "`io()` returns, and the text of an element is set with `=`: `….textContent = data.data`.",
    )


def _explain_value(app: App, message: str, said: str) -> None:
    """Raise a Failure if something was asked of an element or a payload that is not there."""
    expect(
        "null" not in message,
        f"{said} `null` means that the page has no such element.",
        help="Compare the id in `getElementById(…)` with the `id=` of the element, letter by "
        "letter, without a `#`. The element must stand above the script that looks for it.",
    )
    texts = [app.source.text(name) for name in app.files if name.endswith(SCRIPTED)]
    expect(
        "of undefined" not in message
        or any(LISTENS.search(text) for text in texts)
        or not any(CALLED_BACK.search(text) for text in texts),
        f"{said} A function inside of `emit(…)` gets what the handler in your server returns, and "
        "that returns nothing.",
        help="The answer comes as an event of its own: listen for it with "
        '`socket.on("response", (data) => { … });`.',
    )
