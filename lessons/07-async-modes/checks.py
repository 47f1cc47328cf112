"""Lesson 7: a mode chosen on purpose, waits that hold nobody up, and work in the background."""

import time

from checker import App, Failure, check, expect, expect_equal

from .conversation import answer, ask, connected, served
from .mode import (
    LIBRARIES,
    MODES,
    choices,
    chosen_in_a_file,
    explain_missing_quotes,
    mode_of,
    refuse_hiding_file,
    refuse_misspelling,
    refuse_mode_for_run,
    requested,
)
from .patches import patch_calls, steps_of, unpatched_sleep
from .tasks import explain_result, refuse_result
from .ticks import (
    expect_own_counts,
    explain_other_client,
    gaps,
    next_tick,
    tick_round,
    ticks_meanwhile,
    uneven,
)
from .turns import held_up, slow_turn

SLOW = (1.8, 3.4)
"""Seconds that `slow` may take: two, and some for the way."""


# --- Task 1: the mode -------------------------------------------------------------------------


@check(task=1)
def mode_is_chosen(app: App) -> None:
    """The app itself chooses its `async_mode`."""
    refuse_hiding_file(app)
    refuse_mode_for_run(app)
    try:
        loaded = app.load()
    except Failure as failure:
        explain_missing_quotes(app, failure)
        raise
    refuse_misspelling(app, loaded.async_mode)
    expect(
        loaded.async_mode is not None,
        "No SocketIO object of your app belongs to a Flask app, so there is no `async_mode`.",
        help="Give the Flask app to the object: `SocketIO(app, async_mode=…)`, or call "
        "`socketio.init_app(app, async_mode=…)`.",
    )
    expect(
        bool(choices(app)) or chosen_in_a_file(app),
        f"Nothing in your app chooses an `async_mode`. On this machine it is {loaded.async_mode}, "
        "because of what happens to be installed.",
        help='Name the mode where you make the object: `SocketIO(app, async_mode="threading")`, '
        'or `"gevent"` or `"eventlet"`.',
        line=next((call.line for call in app.source.calls("SocketIO")), None),
    )
    named = mode_of(app)
    expect(
        loaded.async_mode == named or named not in MODES,
        f"A line of your app names the mode {named}, and the mode that your app runs in is "
        f"{loaded.async_mode}.",
        help="Name the mode in the brackets of the `SocketIO(…)` that the app is run with. A line "
        "in a function that nobody calls chooses nothing.",
        line=next((call.line for call in app.source.calls("SocketIO")), None),
    )


@check(task=1, needs=mode_is_chosen)
def library_is_named(app: App) -> None:
    """`requirements.txt` names the library that the mode needs."""
    mode = mode_of(app)
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
        library in requested(app.files),
        f"The mode is {mode}, and `requirements.txt` does not name {library}.",
        help=f"Add a line with the word `{library}`. On a machine without it, your app stops with "
        "`ValueError: Invalid async_mode specified`.",
    )


@check(task=1, needs=mode_is_chosen)
def patched_first(app: App) -> None:
    """If the app patches Python's waits, it does so before it imports Flask."""
    patches = patch_calls(app)
    if not patches or mode_of(app) not in LIBRARIES:
        return
    mode = mode_of(app)
    other = "eventlet" if LIBRARIES[mode] == "gevent" else "gevent"
    expect(
        not all(other in call.name for call in patches),
        f"The mode is {mode}, and your app patches Python with `{patches[0].name}`.",
        help="Patch with the library that the mode belongs to, or choose the mode that belongs "
        "to the patch.",
        line=app.source.script_line(patches[0]),
    )
    steps = list(steps_of(app, app.source.entry, set()))
    first = next((step for step in steps if step.kind == "flask"), None)
    patch = next((step for step in steps if step.kind == "patch"), None)
    if first is None or patch is None or steps.index(patch) < steps.index(first):
        return
    raise Failure(
        f"Line {patch.line} of `{patch.file}` patches Python, and line {first.line} of "
        f"`{first.file}` has imported `{first.what}` before that.",
        help="Make the import of the library and the call that patches the first lines of "
        "`app.py`. What was imported earlier may hold on to the unpatched parts.",
        line=app.source.script_line(patch),
    )


# --- Task 2: a wait that holds nobody up ------------------------------------------------------


@check(task=2, points=3)
def slow_holds_nobody_up(app: App) -> None:
    """While one client waits for `slow_done`, another client's `message` is answered at once."""
    server = served(app)
    asker, other = connected(app, server), connected(app, server)
    turn = slow_turn(app, server, asker, other)
    if turn.late and turn.rest > 0.4:  # late, and not because of `slow`: a busy machine
        turn = slow_turn(app, server, asker, other)
    if turn.late:
        raise held_up(app, turn.longest)
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
    answer(app, other)
    strays = [event for event in other.received() if event.name == "slow_done"]
    expect(
        not strays,
        "A client that had not sent `slow` was sent `slow_done` as well.",
        help="Answer the client that asked, and nobody else: the bare `emit(…)` in the handler, "
        "or `socketio.emit(…, to=sid)` elsewhere.",
    )


# --- Task 3: work in the background -----------------------------------------------------------


@check(task=3, points=2)
def ticks_come_one_by_one(app: App) -> None:
    """After `start_ticks` a client gets three ticks, 1 to 3, one after the other."""
    server = served(app)
    client = connected(app, server)
    since = len(server.output)
    ticks, answered = tick_round(app, server, client)
    if uneven(ticks) or not answered:  # a busy machine can delay one event: measure once more
        ticks, answered = tick_round(app, server, client)
    if uneven(ticks) or not answered:
        explain_result(app, server.output[since:])
    expect(
        not uneven(ticks),
        "The ticks came {:.2f} and {:.2f} seconds after one another. The task asks for about 0.3 "
        "seconds each.".format(*gaps(ticks)),
        help="Before each tick, wait with `socketio.sleep(0.3)`. In gevent and eventlet mode an "
        "unpatched `time.sleep` keeps what is sent back until the end.",
        line=unpatched_sleep(app),
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
    refuse_result(app, server, client, since)


@check(task=3, needs=ticks_come_one_by_one)
def ticks_are_private(app: App) -> None:
    """Each client gets its own ticks, and nobody else's."""
    server = served(app)
    first, second = connected(app, server), connected(app, server)
    asked = ask(server, first, "start_ticks", "tick")
    try:
        seen = [next_tick(app, asked)]
    except Failure:
        explain_other_client(app, second)
        raise
    answer(app, second)
    strays = [event for event in second.received() if event.name == "tick"]
    expect(
        not strays,
        "A client that had not sent `start_ticks` was sent a tick.",
        help="`socketio.emit` speaks to everybody unless you say to whom: "
        '`socketio.emit("tick", …, to=sid)`, with the `request.sid` of the client that asked.',
    )
    again = ask(server, second, "start_ticks", "tick")
    try:
        seen += [next_tick(app, asked) for _ in range(2)]
    except Failure:
        raise Failure(
            "A second client sent `start_ticks`, and from then on the first one's ticks did not "
            "reach it.",
            help="Hand each task the `sid` of its own client, as an argument. A variable that all "
            "handlers share knows the latest client only.",
        ) from None
    expect_own_counts(app, seen)
    expect_own_counts(app, ticks_meanwhile(app, again))
