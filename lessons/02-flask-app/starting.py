"""Why a script starts no server, or one that stops at once."""

import ast
import re
from difflib import get_close_matches

from checker import App, Failure, expect

HERE = {"127.0.0.1", "localhost", "0.0.0.0", "::", "::1"}
OPTIONS = ("host", "port", "debug", "use_reloader", "threaded", "load_dotenv")  # of `app.run`


def explain_options(app: App, message: str) -> None:
    """Raise a Failure if the server stopped because of an option of the line that starts it."""
    served = app.load().served or {}
    if served.get("by") != "app.run":
        return
    unknown = re.search(r"run_simple\(\) got an unexpected keyword argument '(\w+)'", message)
    runs = [call for call in app.source.calls("run") if unknown and unknown[1] in call.keywords]
    name, line = (unknown[1], runs[0].line) if unknown and runs else ("", None)
    near = get_close_matches(name, OPTIONS, 1)
    expect(
        not near,
        message,
        help=f"`app.run` has no option `{name}`. Did you mean `{near[0] if near else ''}`?",
        line=line,
    )
    expect(
        not name,
        message,
        help=f"`app.run` has no option `{name}`. Take it out: `app.run()` needs none.",
        line=line,
    )
    if "Traceback" in app.output or "in use" in app.output:
        return
    given = served["keywords"]
    host = given.get("host") if isinstance(given.get("host"), str) else ""
    parts = re.fullmatch(r"(?:\w+://)?([^/:]*)(?::(\d+))?/?", host)
    port = (parts[2] if parts else None) or given.get("port") or 5000
    expect(
        not parts or parts[0] == parts[1],
        f"{message}. The host is `{host[:60]}`, and that is more than the name of a machine.",
        help="Host and port are two options: "
        f'`app.run(host="{parts[1] if parts else ""}", port={port})`.',
        line=served["line"],
    )
    expect(
        not host or host in HERE,
        f"{message}. The host is `{host[:60]}`, and the server cannot wait there.",
        help="Take `host=…` out. Without it the server waits at `127.0.0.1`, on this machine.",
        line=served["line"],
    )


def explain_silence(app: App, message: str) -> None:
    """Raise a Failure that says why a script that ended by itself started no server."""
    for node in ast.walk(app.source.tree() or ast.Module([], [])):
        name = _compared(node)
        expect(
            name in {None, "__main__"},
            f"{message} The guard compares with `{name}`, and that is never true.",
            help='The name has two underscores before `main` and two after it: `"__main__"`.',
            line=getattr(node, "lineno", None),
        )
        called_not = isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute | ast.Name)
        expect(
            not called_not,
            f"{message} Line {getattr(node, 'lineno', 0)} names a function and does not call it.",
            help="Write brackets after the name: `app.run()`. Without them nothing is called.",
            line=getattr(node, "lineno", None),
        )
    expect(
        len(app.source.calls("run")) > 0,
        f"{message} No line of it starts one.",
        help="End the file with the guard, and under it, indented, `app.run()`.",
    )
    raise Failure(
        f"{message} The line that starts one was never reached.",
        help="Look at what stands around that line. A function needs somebody to call it, and a "
        "condition must be true when the file is run as a script.",
        line=app.source.calls("run")[0].line,
    )


def _compared(node: ast.AST) -> str | None:
    """The text that `__name__` is compared with, if that is what `node` does."""
    if not isinstance(node, ast.Compare):
        return None
    sides = [node.left, *node.comparators]
    if not any(isinstance(side, ast.Name) and "name" in side.id for side in sides):
        return None
    texts = [side.value for side in sides if isinstance(side, ast.Constant)]
    return next(
        (text for text in texts if isinstance(text, str) and re.fullmatch("_*main_*", text)), None
    )
