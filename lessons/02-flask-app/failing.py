"""Why the page at `/` ends with an error."""

import ast
import re
from collections.abc import Iterator
from itertools import zip_longest

from checker import App, Failure, constant, expect, last_error, last_own_line


def explain_error(app: App, said: str) -> None:
    """Raise the Failure of a page whose function failed, or gave back no answer."""
    error = last_error(app.output)
    if "did not return a valid response" in error:
        _explain_no_answer(app, f"{said} Flask says: `{error}`")
    if last_own_line(app.output, app.source.entry) is None:
        explain_two_values(app, said)
    failed = f"{said} Your function was found, and then failed" + (f": `{error}`" if error else ".")
    missing = re.fullmatch(r"jinja2\.exceptions\.TemplateNotFound: (\S+)", error)
    if missing:
        _explain_template(app, failed, missing[1])
    raise Failure(
        failed,
        help="Read the error in quotes. The function at `/` gets no values and has no more to do "
        "than to return the text.",
        line=last_own_line(app.output, app.source.entry),
    )


def _explain_no_answer(app: App, said: str) -> None:
    """Raise the Failure of a function whose value is no answer."""
    comma = _line_with_comma(app)
    several = "response tuple" in said
    expect(
        not several or comma is None,
        f"{said} A comma behind a text makes a list of values of it.",
        help="Take the comma at the end of the line away, and return the text alone.",
        line=comma,
    )
    expect(
        not several,
        said,
        help="The function gives back several values. Return the text alone.",
    )
    for given, after in _returns(app):
        text = isinstance(after, ast.Expr) and isinstance(constant(after.value), str)
        expect(
            given.value is not None or not text,
            f"{said} Line {given.lineno} is `return` alone; the text stands on the line below it.",
            help="`return` gives back what stands on its own line. Move the text up, behind it.",
            line=given.lineno,
        )
    raise Failure(
        said,
        help="A visitor gets what the function returns. Give the text back with `return`; what "
        "`print` writes stays in the terminal.",
        line=app.source.line_of("print("),
    )


def _explain_template(app: App, failed: str, name: str) -> None:
    """Raise the Failure of a page that `render_template` does not find."""
    end = name.rpartition("/")[2]
    other = next((path for path in app.files if path.rpartition("/")[2] == end), None)
    raise Failure(
        failed,
        help=f"`render_template` looks in a folder `templates` beside `app.py`. Move your "
        f"`{other}` there."
        if other
        else "`render_template` looks in a folder `templates` beside `app.py`, and there is no "
        f"`{name}` in it. Return the text itself, or make that file.",
        line=last_own_line(app.output, app.source.entry),
    )


def explain_two_values(app: App, said: str) -> None:
    """Raise a Failure if the text was cut in two, and its second half taken for a status."""
    for given, _ in _returns(app):
        values = given.value.elts if isinstance(given.value, ast.Tuple) else []
        texts = [value for value in map(constant, values) if isinstance(value, str)]
        cut = len(values) > 1 and len(texts) == len(values) and not texts[1][:3].isdigit()
        expect(
            not cut,
            f"{said} Line {given.lineno} returns {len(values)} values with a comma between them, "
            f"and Flask takes the second one, `{texts[1][:40] if cut else ''}`, for a status code.",
            help="Return one text: the comma belongs inside the quotation marks, "
            '`return "Hello, Flask!"`.',
            line=given.lineno,
        )


def _returns(app: App) -> Iterator[tuple[ast.Return, ast.stmt | None]]:
    """Each `return` of `app.py`, with the line of code that follows it in the same block."""
    for node in ast.walk(app.source.tree() or ast.Module([], [])):
        block = getattr(node, "body", None)
        for here, after in zip_longest(block, block[1:]) if isinstance(block, list) else ():
            if isinstance(here, ast.Return):
                yield here, after


def _line_with_comma(app: App) -> int | None:
    """The line where a value is given back or kept that a comma makes a list of."""
    for node in ast.walk(app.source.tree() or ast.Module([], [])):
        if not isinstance(node, ast.Return | ast.Assign):
            continue
        if isinstance(node.value, ast.Tuple) and len(node.value.elts) == 1:
            return node.lineno
    return None
