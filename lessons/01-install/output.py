"""What the program prints, and why the installed version is not in it."""

import ast
import re

from checker import App, Failure, constant, expect


def shows(text: str, version: str) -> bool:
    """Whether `version` stands in `text` as a number of its own (5.7.0, but not 15.7.0)."""
    return re.search(rf"(?<!\d)(?<!\d\.){re.escape(version)}(?!\.?\d)", text) is not None


def explain_guard(app: App, printed: str) -> None:
    """Raise a Failure if nothing was printed because of a condition that is never true."""
    nodes = () if printed.strip() else ast.walk(app.source.tree() or ast.Module([], []))
    for node in nodes:
        if not isinstance(node, ast.If):
            continue
        name = _asked_of_name(node.test)
        expect(
            name in {None, "__main__"},
            f"The program prints nothing. Line {node.lineno} asks whether `__name__` is `{name}`. "
            "It never is, and what stands under that line is passed over.",
            help="Run as a script, a file has the name `__main__`, with two underscores before "
            "`main` and two after it. Write it so, or take that line out.",
            line=node.lineno,
        )


def _asked_of_name(node: ast.expr) -> str | None:
    """The text that `__name__` is to be equal to, if that is what `node` asks."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq):
        return None
    sides = [node.left, *node.comparators]
    if not any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides):
        return None
    texts = map(constant, sides)
    return next((text for text in texts if isinstance(text, str)), None)


def explain_quotes(app: App, printed: str, installed: str) -> None:
    """Raise a Failure if the call that was to be worked out was printed as text."""
    call = re.search(r"(\{[^{}]*)?\bversion\s*\(", printed)
    if call is None:
        return
    texts = ast.walk(app.source.tree() or ast.Module([], []))
    lines = (
        n.lineno
        for n in texts
        if isinstance(n, ast.Constant) and re.search(r"\bversion\s*\(", str(n.value))
    )
    raise Failure(
        "The program prints the words of a call, and not the version that the call gives back.",
        help="Braces in a text are filled in only if an `f` stands before its first quotation "
        "mark: `f\"… {version('flask-socketio')}\"`."
        if call[1]
        else "What stands in quotation marks is text, and Python does not work it out. Take the "
        'outer ones away: `print(version("flask-socketio"))`.',
        line=next(lines, None),
        expected=installed,
        observed=printed.strip(),
    )
