"""Lesson 7: a mode chosen on purpose, waits that hold nobody up, and work in the background."""

import ast
import difflib
import posixpath
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from checker import (
    App,
    Call,
    Client,
    Event,
    Failure,
    Server,
    check,
    constant,
    expect,
    expect_equal,
    last_stop,
    shown,
)

LIBRARIES = {"eventlet": "eventlet", "gevent": "gevent", "gevent_uwsgi": "gevent"}
START = 20.0
"""Seconds for a server to come up on a busy machine."""
AT_ONCE = 0.9
"""Seconds in which a free server answers (it takes some milliseconds); a held-up one takes 1.5."""
SLOW = (1.8, 3.4)
"""Seconds that `slow` may take: two, and some for the way."""
GAPS = (0.15, 0.9)
"""Seconds from one tick to the next: 0.3, and some for the way."""
PATCHES = ("monkey_patch", "patch_all")
FLASK = {"flask", "flask_socketio", "werkzeug", "socketio", "engineio"}
STARTERS = {"start_background_task": 0, "spawn": 0, "spawn_n": 0, "Thread": 1, "Timer": 1}
"""Calls that start work beside the handlers, and which argument is the function."""
TRACEBACK = "Traceback (most recent call last)"
NOT_CALLABLE = r"TypeError: '\w+' object is not callable|RecursionError: [^\n]{0,100}"
"""What a terminal says after something that is no function was started."""


# --- Task 1: the mode -------------------------------------------------------------------------


@check(task=1)
def mode_is_chosen(app: App) -> None:
    """The app itself chooses its `async_mode`."""
    _refuse_hiding_file(app)
    _refuse_mode_for_run(app)
    try:
        loaded = app.load()
    except Failure as failure:
        _explain_missing_quotes(app, failure)
        raise
    _refuse_misspelling(app, loaded.async_mode)
    expect(
        loaded.async_mode is not None,
        "No SocketIO object of your app belongs to a Flask app, so there is no `async_mode`.",
        help="Give the Flask app to the object: `SocketIO(app, async_mode=…)`, or call "
        "`socketio.init_app(app, async_mode=…)`.",
    )
    expect(
        bool(_choices(app)) or _chosen_in_a_file(app),
        f"Nothing in your app chooses an `async_mode`. On this machine it is {loaded.async_mode}, "
        "because of what happens to be installed.",
        help='Name the mode where you make the object: `SocketIO(app, async_mode="threading")`, '
        'or `"gevent"` or `"eventlet"`.',
        line=next((call.line for call in app.source.calls("SocketIO")), None),
    )


@check(task=1, needs=mode_is_chosen)
def library_is_named(app: App) -> None:
    """`requirements.txt` names the library that the mode needs."""
    mode = _mode(app)
    library = LIBRARIES.get(mode)
    if library is None:
        return
    expect(
        "requirements.txt" in app.files,
        f"The mode is {mode}, and there is no `requirements.txt` that names {library}.",
        help="Create `requirements.txt` beside `app.py`, with a line for each package that your "
        "app needs.",
    )
    expect(
        library in _packages(app.files, "requirements.txt"),
        f"The mode is {mode}, and `requirements.txt` does not name {library}.",
        help=f"Add a line with the word `{library}`. On a machine without it, your app stops with "
        "`ValueError: Invalid async_mode specified`.",
    )


@check(task=1, needs=mode_is_chosen)
def patched_first(app: App) -> None:
    """If the app patches Python's waits, it does so before it imports Flask."""
    patches = [call for name in PATCHES for call in app.source.calls(name)]
    if not patches or _mode(app) not in LIBRARIES:
        return
    mode = _mode(app)
    other = "eventlet" if LIBRARIES[mode] == "gevent" else "gevent"
    expect(
        not all(other in call.name for call in patches),
        f"The mode is {mode}, and your app patches Python with `{patches[0].name}`.",
        help="Patch with the library that the mode belongs to, or choose the mode that belongs "
        "to the patch.",
        line=patches[0].line if patches[0].file == app.source.entry else None,
    )
    steps = list(_steps(app, app.source.entry, set()))
    first = next((step for step in steps if step.kind == "flask"), None)
    patch = next((step for step in steps if step.kind == "patch"), None)
    if first is None or patch is None or steps.index(patch) < steps.index(first):
        return
    raise Failure(
        f"Line {patch.line} of `{patch.file}` patches Python, and line {first.line} of "
        f"`{first.file}` has imported `{first.what}` before that.",
        help="Make the import of the library and the call that patches the first lines of "
        "`app.py`. What was imported earlier may hold on to the unpatched parts.",
        line=patch.line if patch.file == app.source.entry else None,
    )


def _refuse_hiding_file(app: App) -> None:
    for library in ("eventlet", "gevent"):
        expect(
            f"{library}.py" not in app.files,
            f"A file of your app is called `{library}.py`. Python finds it in place of the "
            f"library {library}.",
            help="Give that file another name, and delete the folder `__pycache__` beside it.",
        )


def _refuse_mode_for_run(app: App) -> None:
    for call in app.source.calls("run"):
        expect(
            "async_mode" not in call.keywords,
            "Your app gives `async_mode` to `run(…)`. No server knows it: the threading and "
            "eventlet servers stop with a TypeError, gevent's resets each connection.",
            help="The mode belongs to the object. Move it to `SocketIO(app, async_mode=…)`.",
            line=call.line if call.file == app.source.entry else None,
        )


def _refuse_misspelling(app: App, mode: str | None) -> None:
    for call in (*app.source.calls("SocketIO"), *app.source.calls("init_app")):
        for option in call.keywords.keys() - {"async_mode"}:
            alike = difflib.SequenceMatcher(None, option.lower(), "async_mode").ratio()
            expect(
                alike < 0.8,
                f"Your app sets `{option}`, which is no option. It was dropped without a word, "
                f"and the mode is {mode}.",
                help="The option is spelled `async_mode`, in small letters and with an underscore.",
                line=call.line if call.file == app.source.entry else None,
            )


def _explain_missing_quotes(app: App, failure: Failure) -> None:
    values = {ast.unparse(value): value for value in _choices(app)}
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


def _choices(app: App) -> list[ast.expr]:
    """Each value that some line gives to `async_mode`, other than None."""
    values = [value for tree in _trees(app) for value in _mode_values(tree)]
    return [value for value in values if not _is_nothing(value)]


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


def _chosen_in_a_file(app: App) -> bool:
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


def _mode(app: App) -> str:
    """The app's mode: as its source says if it says one thing, else as the loaded app says."""
    named = {constant(value) for value in _choices(app)}
    literal = named.pop() if len(named) == 1 else None
    return literal if isinstance(literal, str) else str(app.load().async_mode)


def _packages(files: Mapping[str, bytes], name: str) -> set[str]:
    """The packages that a requirements file asks for, extras and included files too."""
    found: set[str] = set()
    names = [name]
    for path in names:
        for raw in re.sub(r"\\\r?\n", " ", _decoded(files.get(path, b""))).splitlines():
            line = re.sub(r"(^|\s)#.*$", "", raw).strip()[:1000]
            if included := re.match(r"(?:-r|--requirement)[\s=]*(\S+)", line):
                other = posixpath.normpath(posixpath.join(posixpath.dirname(path), included[1]))
                names += [other] if other not in names else []
            elif line and not line.startswith("-"):
                found |= _named(re.split(r"\s--", line)[0].strip())
    return found


def _decoded(data: bytes) -> str:
    """The text of a file as pip reads it (PowerShell writes UTF-16 with a mark in front)."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")


def _named(text: str) -> set[str]:
    try:
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate():
            return set()
    except (ValueError, RecursionError):  # no requirement, or a comparison that means nothing
        return set()
    return {canonicalize_name(item) for item in (wanted.name, *wanted.extras)}


# --- The order of imports and patches ---------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """Something that happens while the script is read: Flask is imported, or Python patched."""

    kind: str
    what: str
    file: str
    line: int


def _steps(app: App, file: str, seen: set[str]) -> Iterator[Step]:
    """What a file does while it is read, in order, with the files of the app that it imports."""
    tree = app.source.tree(file)
    if tree is None or file in seen:
        return
    seen.add(file)
    for node in _while_read(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name.rpartition(".")[2] in PATCHES:
                yield Step("patch", name, file, node.lineno)
            continue
        for module in _imported(node):
            top = module.partition(".")[0]
            if top in FLASK:
                yield Step("flask", top, file, node.lineno)
            for own in (f"{module.replace('.', '/')}.py", f"{top}.py", f"{top}/__init__.py"):
                yield from _steps(app, own, seen)


def _while_read(tree: ast.Module) -> list[ast.Call | ast.Import | ast.ImportFrom]:
    """The calls and imports that stand outside of functions, from top to bottom."""
    later = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        for inner in ast.walk(node)
    }
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call | ast.Import | ast.ImportFrom) and id(node) not in later
    ]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [item.name for item in node.names]
    module = node.module or ""
    return [module, *(f"{module}.{item.name}".strip(".") for item in node.names)]


# --- Task 2: a wait that holds nobody up ------------------------------------------------------


@check(task=2, points=3)
def slow_holds_nobody_up(app: App) -> None:
    """While one client waits for `slow_done`, another client's `message` is answered at once."""
    server = _served(app)
    asker, other = _connected(app, server), _connected(app, server)
    turn = _slow_turn(app, server, asker, other)
    if turn.late and turn.rest > 0.4:  # late, and not because of `slow`: a busy machine
        turn = _slow_turn(app, server, asker, other)
    if turn.late:
        raise _held_up(app, turn.longest)
    low, high = SLOW
    expect(
        low <= turn.seconds <= high,
        f"`slow_done` came {turn.seconds:.1f} seconds after `slow`. The task asks for two seconds.",
        help="The handler waits for two seconds, once, and sends `slow_done` after that.",
    )
    expect_equal(
        turn.done.data,
        {"data": "Done!"},
        what="The payload of `slow_done`",
        help="Send the dictionary that the task asks for, letter for letter.",
    )
    _answer(app, other)
    strays = [event for event in other.received() if event.name == "slow_done"]
    expect(
        not strays,
        "A client that had not sent `slow` was sent `slow_done` as well.",
        help="Answer the client that asked, and nobody else: the bare `emit(…)` in the handler, "
        "or `socketio.emit(…, to=sid)` elsewhere.",
    )


@dataclass(frozen=True)
class Turn:
    """One `slow`: another client's longest wait meanwhile, and what came of it, in seconds."""

    longest: float
    rest: float
    seconds: float
    done: Event

    @property
    def late(self) -> bool:
        """Whether the other client had to wait; `rest` is what was left of `slow` after that."""
        return self.longest > AT_ONCE


def _slow_turn(app: App, server: Server, asker: Client, other: Client) -> Turn:
    begun = _answer(app, asker).at
    asker.received()  # what came before `slow` is no answer to it
    asked = _ask(server, asker, "slow", "slow_done")
    longest = 0.0
    for _ in range(3):
        time.sleep(0.2)
        sent = time.monotonic()
        _answer(app, other)
        longest = max(longest, time.monotonic() - sent)
        if longest > AT_ONCE:
            break
    answered = time.monotonic()
    done = _awaited(
        app,
        asked,
        within=5.5,
        help='Listen for `slow`, wait, and call `emit("slow_done", …)` in the handler itself. '
        "Work outside of a handler needs `socketio.emit(…, to=sid)`.",
    )
    return Turn(longest, time.monotonic() - answered, done.at - begun, done)


# --- Conversations ----------------------------------------------------------------------------


def _served(app: App) -> Server:
    """Run the script until it takes requests: a reloader may hold the port before that."""
    server = app.serve(timeout=START)
    server.get("/", timeout=START)
    return server


def _connected(app: App, server: Server) -> Client:
    try:
        return server.connect(timeout=5.0)
    except Failure:
        loaded = app.load()
        served = loaded.served or {}
        expect(
            served.get("by") != "app.run",
            "A client could not connect over WebSocket. The script starts Flask's own server, and "
            f"the mode is {loaded.async_mode}.",
            help="Let the SocketIO object start the server that fits the mode: "
            "`socketio.run(app)` in place of `app.run(…)`.",
            line=next((call.line for call in app.source.calls("run")), None),
        )
        raise


def _answer(app: App, client: Client) -> Event:
    """Send `message`, and return its `response`."""
    client.emit("message", app.nonce())
    return client.receive(
        "response",
        within=4.0,
        help="Keep the handler of lesson 4: each `message` is answered with one `response`.",
    )


@dataclass(frozen=True)
class Asked:
    """An event that a client sent, and the one that is to come; ``since``: printed by then."""

    server: Server
    client: Client
    event: str
    awaited: str
    since: int

    @property
    def printed(self) -> str:
        """What the server printed after the event was sent."""
        return self.server.output[self.since :]


def _ask(server: Server, client: Client, event: str, awaited: str) -> Asked:
    """Send an event without a payload, as the task says."""
    asked = Asked(server, client, event, awaited, len(server.output))
    client.emit(event)
    return asked


class Silence(Failure):
    """What was to come did not come, and nothing says why."""


def _awaited(app: App, asked: Asked, *, within: float, help: str) -> Event:
    """Return the event that was to come; else say why it did not come, as far as that shows."""
    try:
        return asked.client.receive(asked.awaited, within=within, help=help)
    except Failure as failure:
        if failure.outcome != "failed":
            raise
        _explain_stop(app, asked)
        if not failure.observed:
            _explain_coroutine(app, asked)
            _explain_milliseconds(app, asked, within)
        raise Silence(
            f"{failure.message} The checker waited for {within:g} seconds.",
            help=help,
            expected=failure.expected,
            observed=failure.observed,
        ) from None


def _explain_stop(app: App, asked: Asked) -> None:
    """Raise a Failure if the learner's own code stopped with an error after the event."""
    stop = last_stop(asked.printed, app.files)
    if stop is None:
        return
    words = stop.words.removesuffix(".")
    if stop.called:
        _explain_call(app, asked, words, stop.called, by_event=stop.by_event)
    line, place = _at(app, stop.file, stop.line)
    said = f"`{asked.awaited}` did not come. Your server stopped on the way: {words}.{place}"
    expect(
        "Working outside of" not in stop.words,
        said,
        help="Work in the background has no client of its own. Read `request.sid` in the handler, "
        f'hand it over, and send with `socketio.emit("{asked.awaited}", …, to=sid)`.',
        line=line,
    )
    expect(
        "Namespace.emit() got an unexpected keyword argument 'to'" not in stop.words,
        said,
        help="The `emit` of a namespace class calls it `room=`: write `room=` in place of `to=`.",
        line=line,
    )
    raise Failure(
        said,
        help="The line that is named is where your own code was at that moment. You can read the "
        "same error in the terminal of your server.",
        line=line,
    )


def _explain_call(app: App, asked: Asked, words: str, called: str, *, by_event: bool) -> None:
    """Raise a Failure that says what a function that could not be called insists on."""
    name = called.rpartition(".")[2]
    if not by_event:
        start = next((call for call in _starts(app) if _name(_started(call)) == name), None)
        line, place = _at(app, start.file, start.line) if start else _defined(app, name)
        raise Failure(
            f"`{asked.awaited}` did not come. Your server stopped on the way: {words}.{place}",
            help=f"Behind the function stand the values that it needs, one for each name in the "
            f"brackets after `def {name}`: `socketio.start_background_task({name}, request.sid)`.",
            line=line,
        )
    line, place = _defined(app, name)
    expect(
        " missing " not in words,
        f"`{asked.event}` comes without a payload, and your function `{name}` insists on one. "
        f"Your server stopped on the way: {words}.{place}",
        help=f"Take the name of the payload out of the brackets after `def {name}`.",
        line=line,
    )
    raise Failure(
        f"`{asked.awaited}` did not come. Your server stopped on the way: {words}.{place}",
        help="The method of a class takes the object as its first value: "
        f"`def {name}(self):`. A plain function for this event has empty brackets.",
        line=line,
    )


def _explain_coroutine(app: App, asked: Asked) -> None:
    """Raise a Failure if the event, or the work that it starts, belongs to an `async def`."""
    started = {_name(_started(call)) for call in _starts(app)}
    for file, function in app.source.functions():
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        listens = function.name in {asked.event, f"on_{asked.event}"} or any(
            isinstance(item, ast.Call) and item.args and constant(item.args[0]) == asked.event
            for item in function.decorator_list
        )
        if not listens and function.name not in started:
            continue
        line, place = _at(app, file, function.lineno)
        raise Failure(
            f"`{asked.awaited}` did not come. `{function.name}` is an `async def` function: a call "
            f"of it only prepares the work, and Flask-SocketIO never runs what is prepared.{place}",
            help=f"Write `def {function.name}` without `async`, and wait with `socketio.sleep(…)` "
            "in place of `await asyncio.sleep(…)`.",
            line=line,
        )


def _explain_milliseconds(app: App, asked: Asked, within: float) -> None:
    """Raise a Failure if some sleep is a thousand times what the task asks for."""
    low, high = (1000, 5000) if asked.event == "slow" else (100, 1000)
    for call in app.source.calls("sleep"):
        seconds = constant(call.args[0]) if call.args else None
        if not isinstance(seconds, int | float) or not low <= seconds <= high:
            continue
        line, place = _at(app, call.file, call.line)
        raise Failure(
            f"`{asked.awaited}` did not come. The checker waited for {within:g} seconds, and your "
            f"app waits with `{call.name}({seconds})`.{place}",
            help="`sleep` counts in seconds, not in thousandths: `sleep(2)` waits for two seconds, "
            "and `sleep(0.3)` for less than one.",
            line=line,
        )


# --- Words and places -------------------------------------------------------------------------


def _at(app: App, file: str | None, line: int | None) -> tuple[int | None, str]:
    """A place for the learner: (line of the script, or a sentence that names another file)."""
    if file is None or line is None:
        return None, ""
    return (line, "") if file == app.source.entry else (None, f" The line is {line} of {file}.")


def _defined(app: App, name: str) -> tuple[int | None, str]:
    """Where a function is defined."""
    for file, function in app.source.functions():
        if function.name == name:
            return _at(app, file, function.lineno)
    return None, ""


def _starts(app: App) -> list[Call]:
    """The calls that start work beside the handlers."""
    return [call for name in STARTERS for call in app.source.calls(name)]


def _started(call: Call) -> ast.expr | None:
    """What stands where such a call wants a function."""
    position = STARTERS[call.name.rpartition(".")[2]]
    named = call.keywords.get("target") or call.keywords.get("function")
    return call.args[position] if len(call.args) > position else named


def _name(node: ast.expr | None) -> str:
    """The last name of `work` and `self.work`; nothing for what is no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _held_up(app: App, longest: float) -> Failure:
    """Why one client's wait was everybody's."""
    said = (
        f"While one client waited for `slow_done`, another client's `message` was answered after "
        f"{longest:.1f} seconds."
    )
    line = next((call.line for call in app.source.calls("time.sleep")), None)
    mode = str(app.load().async_mode)
    if mode not in LIBRARIES:
        return Failure(
            said,
            help="In threading mode every handler has a thread of its own. Look for what they "
            "share, such as a lock that is held while one of them waits.",
        )
    if any(app.source.calls(name) for name in PATCHES):
        return Failure(
            said,
            help="Some wait was not reached by the patch. A function that is imported before the "
            "patch, as with `from time import sleep`, goes on waiting in the old way; and a long "
            "calculation gives way to nobody.",
            line=line,
        )
    bare = _patch_without_brackets(app)
    if bare:
        name, line = bare
        return Failure(
            f"{said} Nothing is patched: `{name}` stands there without brackets.",
            help=f"A name alone calls nothing. Write `{name}()`.",
            line=line,
        )
    return Failure(
        said,
        help=f"In {mode} mode all clients share one thread, and `time.sleep` keeps it. Wait with "
        "`socketio.sleep(2)`, or patch Python in the first lines, or choose threading.",
        line=line,
    )


def _patch_without_brackets(app: App) -> tuple[str, int] | None:
    tree = app.source.tree()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Expr) and _name(node.value) in PATCHES:
            return ast.unparse(node.value), node.lineno
    return None


# --- Task 3: work in the background -----------------------------------------------------------


@check(task=3, points=2)
def ticks_come_one_by_one(app: App) -> None:
    """After `start_ticks` a client gets three ticks, 1 to 3, one after the other."""
    server = _served(app)
    client = _connected(app, server)
    since = len(server.output)
    ticks, answered = _tick_round(app, server, client)
    if _uneven(ticks) or not answered:  # a busy machine can delay one event: measure once more
        ticks, answered = _tick_round(app, server, client)
    if _uneven(ticks) or not answered:
        _explain_result(app, server.output[since:])
    expect(
        not _uneven(ticks),
        "The ticks came {:.2f} and {:.2f} seconds after one another. The task asks for about 0.3 "
        "seconds each.".format(*_gaps(ticks)),
        help="Before each tick, wait with `socketio.sleep(0.3)`. In gevent and eventlet mode an "
        "unpatched `time.sleep` keeps what is sent back until the end.",
        line=_unpatched_sleep(app),
    )
    expect(
        answered,
        "While the ticks were running, the same client's `message` had to wait until they were "
        "over.",
        help="Start the work with `socketio.start_background_task(…)` and let the handler end at "
        "once.",
    )
    time.sleep(0.45)
    more = [event.data for event in client.received() if event.name == "tick"]
    expect(
        not more,
        f"After the third tick there came another: {more[:1]}. The task asks for three.",
        help="Count from 1 to 3, for instance with `range(1, 4)`, and let the work end there.",
    )
    _refuse_result(app, server, client, since)


@check(task=3, needs=ticks_come_one_by_one)
def ticks_are_private(app: App) -> None:
    """Each client gets its own ticks, and nobody else's."""
    server = _served(app)
    first, second = _connected(app, server), _connected(app, server)
    asked = _ask(server, first, "start_ticks", "tick")
    try:
        seen = [_tick(app, asked)]
    except Failure:
        _explain_other_client(app, second)
        raise
    _answer(app, second)
    strays = [event for event in second.received() if event.name == "tick"]
    expect(
        not strays,
        "A client that had not sent `start_ticks` was sent a tick.",
        help="`socketio.emit` speaks to everybody unless you say to whom: "
        '`socketio.emit("tick", …, to=sid)`, with the `request.sid` of the client that asked.',
    )
    again = _ask(server, second, "start_ticks", "tick")
    try:
        seen += [_tick(app, asked) for _ in range(2)]
    except Failure:
        raise Failure(
            "A second client sent `start_ticks`, and from then on the first one's ticks did not "
            "reach it.",
            help="Hand each task the `sid` of its own client, as an argument. A variable that all "
            "handlers share knows the latest client only.",
        ) from None
    _expect_own_counts(app, seen)
    _expect_own_counts(app, _ticks_meanwhile(app, again))


def _tick_round(app: App, server: Server, client: Client) -> tuple[list[Event], bool]:
    """Ask for ticks; return three of them, and whether a message in between was answered."""
    client.received()  # what came before is no answer
    asked = _ask(server, client, "start_ticks", "tick")
    ticks = [_tick(app, asked)]
    client.emit("message", app.nonce())
    ticks += [_tick(app, asked) for _ in range(2)]
    _expect_counts(ticks)
    reply = client.receive(
        "response",
        within=2.0,
        help="Keep the handler of lesson 4: each `message` is answered with one `response`.",
    )
    return ticks, reply.at < ticks[2].at


def _ticks_meanwhile(app: App, asked: Asked) -> list[Event]:
    """Three ticks of a client that asked while another one's were running."""
    ticks: list[Event] = []
    try:
        while len(ticks) < 3:
            ticks.append(_tick(app, asked))
    except Silence:
        raise Failure(
            "One client sent `start_ticks` and got its three ticks. Another one sent `start_ticks` "
            f"meanwhile and got {len(ticks) or 'none'}.",
            help="Start new work each time somebody asks. Look for a variable that all handlers "
            "share, such as a note that the work is running already.",
            line=next((call.line for call in _starts(app)), None),
        ) from None
    return ticks


def _tick(app: App, asked: Asked) -> Event:
    try:
        return _awaited(
            app,
            asked,
            within=2.5,
            help="Listen for `start_ticks`, and let it start work that sends three `tick` events "
            'with `socketio.emit("tick", …, to=sid)`.',
        )
    except Silence:
        _explain_plain_thread(app)
        _explain_result(app, asked.printed)
        raise


def _explain_plain_thread(app: App) -> None:
    thread = next(iter(app.source.calls("threading.Thread")), None)
    patched = any(app.source.calls(name) for name in PATCHES)
    expect(
        thread is None or patched or _mode(app) not in LIBRARIES,
        f"A tick did not come. The mode is {_mode(app)}, nothing is patched, and the work runs in "
        "a thread of Python's own.",
        help="What such a thread sends is not noticed by the loop that serves the clients. Start "
        "the work with `socketio.start_background_task(…)`.",
        line=thread.line if thread else None,
    )


def _explain_other_client(app: App, other: Client) -> None:
    strays = [event for event in other.received() if event.name == "tick"]
    sends = [call for call in app.source.calls("emit") if "tick" in map(constant, call.args)]
    expect(
        not strays,
        "A client sent `start_ticks`, and its ticks went to another client, which had connected "
        "later.",
        help="Send to the client that asked: read `request.sid` in the handler for `start_ticks`, "
        "and hand it to the task as an argument. A variable that all handlers share knows one "
        "client only.",
        line=next((_at(app, call.file, call.line)[0] for call in sends), None),
    )


# --- A task that is called and not handed over ------------------------------------------------


def _refuse_result(app: App, server: Server, client: Client, since: int) -> None:
    """Refuse `start_background_task(work(sid))`: the handler does the work itself, tick by tick.

    What it hands over is nothing that can be called. gevent and eventlet say so in the terminal; a
    thread is silent, and then it counts that the handler ends after its last tick.
    """
    starts = _results(app)
    if starts:
        server.wait_output("Error", within=0.5)
    if _not_callable(app, server.output[since:]):
        _explain_result(app, server.output[since:])
    if not starts:
        return
    client.received()
    client.call("start_ticks", within=2.5)
    if sum(event.name == "tick" for event in client.received()) >= 3:
        _explain_result(app, server.output[since:])


def _not_callable(app: App, printed: str) -> str | None:
    """The error of a task that is no function; it comes before any line of the app's own."""
    for part in printed.split(TRACEBACK)[1:]:
        said = re.search(NOT_CALLABLE, part)
        if said and last_stop(TRACEBACK + part, app.files) is None:
            return said[0]
    return None


def _explain_result(app: App, printed: str) -> None:
    """Raise a Failure if the result of a call is handed over as work."""
    starts = _results(app)
    said = _not_callable(app, printed)
    if not starts and not said:
        return
    stopped = f" Your server stopped on the way: {said}." if said else ""
    call, result = starts[0] if starts else (None, None)
    if call is None or result is None:
        raise Failure(
            f"`start_ticks` starts something that is no function.{stopped}",
            help="Hand over the name of a function, without brackets, and its values after it: "
            "`socketio.start_background_task(send_ticks, request.sid)`.",
        )
    name = ast.unparse(result.func)
    line, place = _at(app, call.file, call.line)
    raise Failure(
        f"The brackets in `{ast.unparse(result)}` call the function at once: the handler sends the "
        f"ticks itself, and hands over what comes back, which is no function.{stopped}{place}",
        help=f"Hand over `{name}` without brackets, and its values in a place of their own: "
        f"`{_handing_over(call, result)}`.",
        line=line,
    )


def _handing_over(call: Call, result: ast.Call) -> str:
    """How the learner's own call would hand the function over."""
    name, values = ast.unparse(result.func), [ast.unparse(value) for value in result.args]
    if call.name.endswith("Thread"):
        return f"Thread(target={name}, args=({''.join(f'{value}, ' for value in values).strip()}))"
    if call.name.endswith("Timer"):
        return f"Timer(0.3, {name}, [{', '.join(values)}])"
    return f"{call.name}({', '.join([name, *values])})"


def _results(app: App) -> list[tuple[Call, ast.Call]]:
    """Where work is to be started with the result of a function of the app that returns nothing."""
    silent = {function.name for _, function in app.source.functions() if _returns_nothing(function)}
    found = []
    for call in _starts(app):
        work = _started(call)
        if isinstance(work, ast.Name):
            work = _last_value(app.source.tree(call.file), work.id, call.line)
        if isinstance(work, ast.Call) and _name(work.func) in silent:
            found.append((call, work))
    return found


def _last_value(tree: ast.Module | None, name: str, line: int) -> ast.expr | None:
    """What was last assigned to a name above a line."""
    found = [
        node
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.Assign) and node.lineno < line and name in map(_name, node.targets)
    ]
    return max(found, key=lambda node: node.lineno).value if found else None


def _returns_nothing(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    gives = (ast.Yield, ast.YieldFrom)
    return not function.decorator_list and not any(
        isinstance(node, gives) or (isinstance(node, ast.Return) and node.value is not None)
        for node in ast.walk(function)
    )


# --- What the ticks say -----------------------------------------------------------------------


def _expect_own_counts(app: App, ticks: list[Event]) -> None:
    try:
        _expect_counts(ticks)
    except Failure as failure:
        nodes = ast.walk(app.source.tree() or ast.Module([], []))
        shared = [node.lineno for node in nodes if isinstance(node, ast.Global)]
        raise Failure(
            f"Two clients asked for ticks at the same time. {failure.message}",
            help="Each client's ticks count for themselves. Count in a variable of the function "
            "that sends them: one that stands outside belongs to all clients together.",
            line=shared[0] if len(shared) == 1 else None,
            expected=failure.expected,
            observed=failure.observed,
        ) from None


def _expect_counts(ticks: list[Event]) -> None:
    for number, tick in enumerate(ticks, start=1):
        expect_equal(
            tick.data,
            {"count": number},
            what=f"The payload of tick {number}",
            help='A client\'s ticks carry `{"count": 1}`, `{"count": 2}` and `{"count": 3}`, '
            "in this order, each time it asks.",
        )


def _unpatched_sleep(app: App) -> int | None:
    if _mode(app) not in LIBRARIES or any(app.source.calls(name) for name in PATCHES):
        return None
    return next((call.line for call in app.source.calls("time.sleep")), None)


def _gaps(ticks: list[Event]) -> tuple[float, float]:
    return ticks[1].at - ticks[0].at, ticks[2].at - ticks[1].at


def _uneven(ticks: list[Event]) -> bool:
    return not all(GAPS[0] <= gap <= GAPS[1] for gap in _gaps(ticks))
