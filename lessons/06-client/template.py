"""Why Flask sends no page: the template is not found, or cannot be filled in."""

import re

from checker import App, Failure, expect, shown


def explain_template(app: App, status: int) -> None:
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
    frames = re.findall(
        r'^ *File "([^"\n]{1,400})", line (\d{1,7}), in [^\n]{0,100}template', app.output, re.M
    )
    for path, number in reversed(frames):
        for name in sorted(app.files, key=len, reverse=True):
            if path.endswith(f"/{name}"):
                return name, int(number)
    return "", None
