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
_ASKS = re.compile(r"(?:\b(?:if|while|for|return)\b|[?&|!]|\w\s*=\s)[^;{}\n]{0,200}$")
"""What stands before a comparison that somebody meant."""
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
        for found in (*_SETS.finditer(text), *_SETS_KEPT.finditer(text)):
            id = found[1] if found.re is _SETS else kept.get(found[1])
            if id is not None and not (found[3] != "=" and _meant(text, found.start())):
                yield found[0], id, found[2], found[3]


def _meant(text: str, start: int) -> bool:
    """Whether something asks for the comparison that begins there: `if (…)`, `const same = …`."""
    return _ASKS.search(text, max(0, start - 200), start) is not None


def _tag_of(app: App, id: str) -> str:
    """The tag of the element with this id; empty where there is none."""
    tag = re.compile(rf"""<\w+\b[^<>]{{0,300}}\bid\s*=\s*["']?{re.escape(id)}\b[^<>]{{0,300}}>""")
    for file in sorted(name for name in app.files if name.endswith(SCRIPTED)):
        found = tag.search(app.source.text(file))
        if found:
            return found[0]
    return ""
