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

from checker import App, Client, Event, Failure, Server, check, constant, expect, expect_equal

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


# --- Task 1: the mode -------------------------------------------------------------------------


@check(task=1)
def mode_is_chosen(app: App) -> None:
    """The app itself chooses its `async_mode`."""
    _refuse_hiding_file(app)
    _refuse_mode_for_run(app)
    loaded = app.load()
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
    _ask(server, asker, "slow")
    longest = 0.0
    for _ in range(3):
        time.sleep(0.2)
        sent = time.monotonic()
        _answer(app, other)
        longest = max(longest, time.monotonic() - sent)
        if longest > AT_ONCE:
            break
    answered = time.monotonic()
    done = asker.receive(
        "slow_done",
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


def _ask(server: Server, client: Client, event: str) -> None:
    """Send an event without a payload; to a handler that insists on one, send it with one."""
    client.emit(event)
    time.sleep(0.1)
    if re.search(r"missing \d+ required positional argument", server.output):
        client.emit(event, {})


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
    return Failure(
        said,
        help=f"In {mode} mode all clients share one thread, and `time.sleep` keeps it. Wait with "
        "`socketio.sleep(2)`, or patch Python in the first lines, or choose threading.",
        line=line,
    )


# --- Task 3: work in the background -----------------------------------------------------------


@check(task=3, points=2)
def ticks_come_one_by_one(app: App) -> None:
    """After `start_ticks` a client gets three ticks, 1 to 3, one after the other."""
    server = _served(app)
    client = _connected(app, server)
    ticks, answered = _tick_round(app, server, client)
    if _uneven(ticks) or not answered:  # a busy machine can delay one event: measure once more
        ticks, answered = _tick_round(app, server, client)
    expect(
        not _uneven(ticks),
        "The ticks came {:.2f} and {:.2f} seconds after one another. The task asks for about 0.3 "
        "seconds each.".format(*_gaps(ticks)),
        help="Before each tick, wait with `socketio.sleep(0.3)`. In gevent and eventlet mode an "
        "unpatched `time.sleep` keeps what is sent back until the end.",
        line=next((call.line for call in app.source.calls("time.sleep")), None),
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


@check(task=3, needs=ticks_come_one_by_one)
def ticks_are_private(app: App) -> None:
    """Each client gets its own ticks, and nobody else's."""
    server = _served(app)
    first, second = _connected(app, server), _connected(app, server)
    _ask(server, first, "start_ticks")
    seen = [_tick(app, server, first)]
    _answer(app, second)
    strays = [event for event in second.received() if event.name == "tick"]
    expect(
        not strays,
        "A client that had not sent `start_ticks` was sent a tick.",
        help="`socketio.emit` speaks to everybody unless you say to whom: "
        '`socketio.emit("tick", …, to=sid)`, with the `request.sid` of the client that asked.',
    )
    _ask(server, second, "start_ticks")
    try:
        seen += [_tick(app, server, first) for _ in range(2)]
    except Failure:
        raise Failure(
            "A second client sent `start_ticks`, and from then on the first one's ticks did not "
            "reach it.",
            help="Hand each task the `sid` of its own client, as an argument. A variable that all "
            "handlers share knows the latest client only.",
        ) from None
    _expect_counts(seen)
    _expect_counts([_tick(app, server, second) for _ in range(3)])


def _tick_round(app: App, server: Server, client: Client) -> tuple[list[Event], bool]:
    """Ask for ticks; return three of them, and whether a message in between was answered."""
    client.received()  # what came before is no answer
    _ask(server, client, "start_ticks")
    ticks = [_tick(app, server, client)]
    client.emit("message", app.nonce())
    ticks += [_tick(app, server, client) for _ in range(2)]
    _expect_counts(ticks)
    reply = client.receive(
        "response",
        within=2.0,
        help="Keep the handler of lesson 4: each `message` is answered with one `response`.",
    )
    return ticks, reply.at < ticks[2].at


def _tick(app: App, server: Server, client: Client) -> Event:
    try:
        return client.receive(
            "tick",
            within=2.5,
            help="Listen for `start_ticks`, and let it start work that sends three `tick` events "
            'with `socketio.emit("tick", …, to=sid)`.',
        )
    except Failure:
        _explain_missing_tick(app, server)
        raise


def _explain_missing_tick(app: App, server: Server) -> None:
    expect(
        "Working outside of" not in server.output,
        "A tick did not come, and the terminal says `RuntimeError: Working outside of request "
        "context.`",
        help="Work in the background has no client of its own. Read `request.sid` in the handler, "
        'hand it over, and send with `socketio.emit("tick", …, to=sid)`.',
    )
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


def _expect_counts(ticks: list[Event]) -> None:
    for number, tick in enumerate(ticks, start=1):
        expect_equal(
            tick.data,
            {"count": number},
            what=f"The payload of tick {number}",
            help='A client\'s ticks carry `{"count": 1}`, `{"count": 2}` and `{"count": 3}`, '
            "in this order, each time it asks.",
        )


def _gaps(ticks: list[Event]) -> tuple[float, float]:
    return ticks[1].at - ticks[0].at, ticks[2].at - ticks[1].at


def _uneven(ticks: list[Event]) -> bool:
    return not all(GAPS[0] <= gap <= GAPS[1] for gap in _gaps(ticks))
