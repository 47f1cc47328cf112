"""Why a text that a listener gives to an element cannot be read there."""

import re
from collections.abc import Iterator

from checker import App, Failure, expect

from .places import SCRIPTED, where

FIELDS = {"input", "textarea", "select", "output"}
"""Elements that show their `value`."""
TEXTS = ("textContent", "innerText", "innerHTML")
_FOUND = r"""(?:getElementById\(\s*["'`]|querySelector\(\s*["'`]#)([\w-]{1,80})["'`]\s*\)"""
_SETS = re.compile(_FOUND + r"\.(\w{1,30})\s*(=+)")
_KEPT = re.compile(r"\b(\w{1,40})\s*=\s*document\." + _FOUND)
_SETS_KEPT = re.compile(r"\b(\w{1,40})\.(\w{1,30})\s*(=+)")
_HIDDEN = re.compile(r"\shidden\b|display\s*:\s*none", re.I)


def explain_element(app: App) -> None:
    """Raise a Failure if what a script sets of an element does not show."""
    for told, id, name, sign in _set(app):
        line, place = where(app, told)
        tag = _tag_of(app, id)
        kind = re.match(r"<(\w+)", tag)
        element = kind[1].lower() if kind else ""
        shows = name in TEXTS or (name == "value" and element in FIELDS)
        expect(
            sign == "=" or not shows,
            f"`{told}` in your page compares, and changes nothing.{place}",
            help="One `=` sets, and two or three of them ask whether both sides are equal.",
            line=line,
        )
        near = [text for text in TEXTS if text.lower() == name.lower() and text != name]
        expect(
            not near,
            f"Your page sets `{name}`, and no element has that.{place}",
            help=f"Capitals count: it is called `{near[0] if near else ''}`.",
            line=line,
        )
        expect(
            element != "input" or name not in TEXTS,
            f"Your page sets `{name}` of an `<input>`, and a field does not show that.{place}",
            help="What stands in a field is its `value`.",
            line=line,
        )
        expect(
            name != "value" or shows or not element,
            f"Your page sets `value` of a `<{element}>`, which only fields show.{place}",
            help="What stands between the tags of an element is its `textContent`.",
            line=line,
        )
        _explain_hidden(app, tag if shows else "")


def _explain_hidden(app: App, tag: str) -> None:
    hidden = _HIDDEN.search(tag)
    if not hidden:
        return
    line, place = where(app, tag)
    raise Failure(
        "Your page writes the answer into an element that nobody can see: its tag says "
        f"`{hidden[0].strip()}`.{place}",
        help="Take that out of the tag, or make the element seen when the answer comes.",
        line=line,
    )


def _set(app: App) -> Iterator[tuple[str, str, str, str]]:
    """What scripts set of elements: (their words, id, what is set, sign)."""
    for file in sorted(name for name in app.files if name.endswith(SCRIPTED)):
        text = app.source.text(file)
        kept = dict(_KEPT.findall(text))
        for found in _SETS.finditer(text):
            yield found[0], found[1], found[2], found[3]
        for found in _SETS_KEPT.finditer(text):
            if found[1] in kept:
                yield found[0], kept[found[1]], found[2], found[3]


def _tag_of(app: App, id: str) -> str:
    """The tag of the element with this id; empty where there is none."""
    tag = re.compile(rf"""<\w+\b[^<>]{{0,300}}\bid\s*=\s*["']?{re.escape(id)}\b[^<>]{{0,300}}>""")
    for file in sorted(name for name in app.files if name.endswith(SCRIPTED)):
        found = tag.search(app.source.text(file))
        if found:
            return found[0]
    return ""
