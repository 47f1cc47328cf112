"""Words for names of events, and places in the learner's files."""

from checker import App

SCRIPTED = (".html", ".htm", ".jinja", ".js", ".mjs", ".py")
"""Endings of files in which JavaScript may stand."""


def listed(names: list[str]) -> str:
    """Write names of events as a list, within bounds."""
    return ", ".join(f"`{name[:60]}`" for name in dict.fromkeys(names[:8]))


def where_it_stopped(app: App, source: object, number: int | None) -> tuple[int | None, str]:
    """Where the line of an error stands in the learner's files: at its number, else anywhere."""
    if not source:
        return None, ""
    for name in sorted(app.files):
        lines = app.source.text(name).splitlines()
        stands = number and 0 < number <= len(lines) and lines[number - 1].strip() == source
        if stands and name != app.source.entry:
            return None, f" The line is {number} of {name}."
    line, place = where(app, str(source))
    return line, place or (f" It happened in `{source}`." if line is None else "")


def where(app: App, *texts: str) -> tuple[int | None, str]:
    """Find the first of ``texts`` in the learner's files: (line of the script, sentence)."""
    names = sorted(app.files, key=lambda name: (not name.endswith((".html", ".js")), name))
    for text in filter(None, texts):
        for name in names:
            line = app.source.line_of(text, name)
            if line is not None:
                own = name == app.source.entry
                return (line, "") if own else (None, f" The line is {line} of {name}.")
    return None, ""
