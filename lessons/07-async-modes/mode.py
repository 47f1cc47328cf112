"""The mode that the app chooses, as its source and its files for pip say."""

import ast
import difflib
from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from checker import App, Failure, constant, expect, requirement_lines, shown

LIBRARIES = {"eventlet": "eventlet", "gevent": "gevent", "gevent_uwsgi": "gevent"}
"""The modes that need a library, and the library."""
MODES = {"threading", "eventlet", "gevent"}
"""The modes that an app can be run in here."""


def mode_of(app: App) -> str:
    """The app's mode: as its source says if it says one thing, else as the loaded app says."""
    values = [constant(value) for value in choices(app)]
    named = {value if isinstance(value, str) else None for value in values}
    literal = named.pop() if len(named) == 1 else None
    return literal or str(app.load().async_mode)


def requested(files: Mapping[str, bytes]) -> set[str]:
    """Return the packages that `requirements.txt` asks for, extras and included files too."""
    lines = (line for line in requirement_lines(files) if line.applies and not line.limit)
    wanted = (line.wanted for line in lines if line.asks == line.text)  # no editable folder
    return {canonicalize_name(name) for one in wanted if one for name in (one.name, *one.extras)}


def choices(app: App) -> list[ast.expr]:
    """Each value that some line gives to `async_mode`, other than None."""
    values = [value for tree in _trees(app) for value in _mode_values(tree)]
    return [value for value in values if not _is_nothing(value)]


def chosen_in_a_file(app: App) -> bool:
    """Whether options come from a settings file that names the mode: `SocketIO(app, **options)`."""
    unpacks = any(
        isinstance(node, ast.Call) and any(item.arg is None for item in node.keywords)
        for tree in _trees(app)
        for node in ast.walk(tree)
    )
    named = any(
        b"async_mode" in data for name, data in app.files.items() if not name.endswith(".py")
    )
    return unpacks and named


def refuse_hiding_file(app: App) -> None:
    """Raise a Failure if a file of the app has the name of a mode's library."""
    for library in ("eventlet", "gevent"):
        expect(
            f"{library}.py" not in app.files,
            f"A file of your app is called `{library}.py`. Python finds it in place of the "
            f"library {library}.",
            help="Give that file another name, and delete the folder `__pycache__` beside it.",
        )


def refuse_mode_for_run(app: App) -> None:
    """Raise a Failure if `run` is given the mode."""
    for call in app.source.calls("run"):
        expect(
            "async_mode" not in call.keywords,
            "Your app gives `async_mode` to `run(…)`. No server knows it: the threading and "
            "eventlet servers stop with a TypeError, gevent's resets each connection.",
            help="The mode belongs to the object. Move it to `SocketIO(app, async_mode=…)`.",
            line=app.source.script_line(call),
        )


def refuse_misspelling(app: App, mode: str | None) -> None:
    """Raise a Failure if an option's name is nearly `async_mode`; `mode` is what came of it."""
    for call in (*app.source.calls("SocketIO"), *app.source.calls("init_app")):
        for option in call.keywords.keys() - {"async_mode"}:
            alike = difflib.SequenceMatcher(None, option.lower(), "async_mode").ratio()
            expect(
                alike < 0.8,
                f"Your app sets `{option}`, which is no option. It was dropped without a word, "
                f"and the mode is {mode}.",
                help="The option is spelled `async_mode`, in small letters and with an underscore.",
                line=app.source.script_line(call),
            )


def explain_missing_quotes(app: App, failure: Failure) -> None:
    """Raise a Failure if a module was given as the mode, and that is why the app did not load."""
    values = {ast.unparse(value): value for value in choices(app)}
    bare = sorted(values.keys() & {"threading", "gevent", "eventlet"})
    if not bare or "async_mode" not in failure.message:
        return
    raise Failure(
        f"{failure.message}. The mode is the text {shown(bare[0])}, and `{bare[0]}` without quotes "
        "is the module of that name.",
        help=f'Put the name of the mode into quotes: `async_mode="{bare[0]}"`.',
        line=failure.line,
    )


def _trees(app: App) -> list[ast.Module]:
    trees = [app.source.tree(name) for name in app.files if name.endswith(".py")]
    return [tree for tree in trees if tree is not None]


def _mode_values(tree: ast.Module) -> Iterator[ast.expr]:
    """`async_mode=…` in a call, `"async_mode": …` in a dictionary, `x["async_mode"] = …`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (item.value for item in node.keywords if item.arg == "async_mode")
            if len(node.args) == 2 and constant(node.args[0]) == "async_mode":
                yield node.args[1]
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            yield from (value for key, value in pairs if constant(key) == "async_mode")
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and constant(target.slice) == "async_mode":
                    yield node.value


def _is_nothing(value: ast.expr) -> bool:
    """Whether a value is None, or a setting that has no default."""
    if isinstance(value, ast.Call):
        asks = ast.unparse(value.func).rpartition(".")[2] in {"getenv", "get"}
        return asks and len(value.args) == 1 and not value.keywords
    return isinstance(value, ast.Constant) and value.value is None
