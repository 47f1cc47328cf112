"""Scripts of the page that do not arrive, or that no browser runs."""

import re

from checker import App, Failure, Page, url_parts

from .places import where, where_it_stopped

PAGES = (".html", ".htm", ".jinja", ".py")
"""Endings of files in which a page may stand."""
_ADDRESS = re.compile(r"\ssrc=", re.I)


def explain_lost_script(app: App, page: Page) -> None:
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
    path = url_parts(str(lost[0]["url"])).path
    file = path.rpartition("/")[2]
    names = [path, path.removeprefix("/"), file]
    line, place = where(app, *(f"{mark}{name}{mark}" for name in names for mark in "\"'"), file)
    raise Failure(
        f"Your page asks your server for the script `{path}`, and the server answers with status "
        f"{lost[0]['status']}, so nothing of that script runs.{place}",
        help="Flask hands out the files of the folder `static`, and the address of each begins "
        f'with `/static/`: `<script src="/static/{file}"></script>`.',
        line=line,
    )


def explain_module(app: App, page: Page) -> None:
    """Raise a Failure if a module was imported by a name that no browser knows."""
    failed = [item for item in page.errors if "module specifier" in str(item["message"])]
    if not failed:
        return
    line, place = where_it_stopped(app, failed[0]["source"], failed[0]["line"])
    raise Failure(
        f"Your page's script stopped: {failed[0]['message']}{place}",
        help="A browser does not know packages by name. Import the address of the module, "
        "`https://cdn.socket.io/4.8.1/socket.io.esm.min.js`, or explain the name with an import "
        "map.",
        line=line,
    )


def explain_swallowed_script(app: App) -> None:
    """Raise a Failure if code stands inside a `<script src=…>`, where nobody runs it."""
    for name in sorted(name for name in app.files if name.endswith(PAGES)):
        found = _first_with_address(app.source.text(name))
        if found is None or found[1].lower().startswith("</script"):
            continue
        line, place = where(app, found[0].partition("\n")[0])
        raise Failure(
            "Your page never connects: a `<script src=…>` runs what stands at its address, and "
            f"leaves aside what stands between its tags: `{found[1][:60]}`.{place}",
            help='Close the first script right away, `<script src="…"></script>`, and put your '
            "own lines into a second `<script>` below it.",
            line=line,
        )


def explain_open_comment(app: App) -> None:
    """Raise a Failure if a comment of the page has no end, so that it takes in the scripts."""
    for name in sorted(name for name in app.files if name.endswith(PAGES[:3])):
        text = app.source.text(name)
        start = text.rfind("<!--")
        if start < 0 or "-->" in text[start:]:
            continue
        raise Failure(
            "Your page never connects: a comment begins and has no end, and all that stands below "
            f"is part of it. The line is {text.count(chr(10), 0, start) + 1} of {name}.",
            help="A comment begins with `<!--` and ends with `-->`, without a space in between.",
        )


def _first_with_address(text: str) -> tuple[str, str] | None:
    """Find the first `<script src=…>`: the tag, and the line of text that comes behind it.

    A pattern over a whole file may try again from each place; this reads each place once.
    """
    lower = text.lower() if len(text.lower()) == len(text) else text
    start = lower.find("<script")
    while start >= 0:
        end = text.find(">", start)
        if end < 0:
            return None
        tag = text[start : end + 1]
        if _ADDRESS.search(tag):
            behind = text[end + 1 :].lstrip()
            return (tag, behind.partition("\n")[0]) if behind else None
        start = lower.find("<script", end)
    return None
