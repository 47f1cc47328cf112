"""Why an event did not come that was to come."""

import ast

from checker import App, Event, Failure, constant, expect, last_stop

from .conversation import Asked
from .places import place_of, place_of_function
from .tasks import last_name, starting_calls, work_of


class Silence(Failure):
    """What was to come did not come, and nothing says why."""


def awaited(app: App, asked: Asked, *, within: float, help: str) -> Event:
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
    line, place = place_of(app, stop.file, stop.line)
    said = _stopped(asked, words, place)
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


def _stopped(asked: Asked, words: str, place: str) -> str:
    return f"`{asked.awaited}` did not come. Your server stopped on the way: {words}.{place}"


def _explain_call(app: App, asked: Asked, words: str, called: str, *, by_event: bool) -> None:
    """Raise a Failure that says what a function that could not be called insists on."""
    name = called.rpartition(".")[2]
    if not by_event:
        calls = (call for call in starting_calls(app) if last_name(work_of(call)) == name)
        start = next(calls, None)
        function = place_of_function(app, name)
        line, place = place_of(app, start.file, start.line) if start else function
        raise Failure(
            _stopped(asked, words, place),
            help=f"Behind the function stand the values that it needs, one for each name in the "
            f"brackets after `def {name}`: `socketio.start_background_task({name}, request.sid)`.",
            line=line,
        )
    line, place = place_of_function(app, name)
    expect(
        " missing " not in words,
        f"`{asked.event}` comes without a payload, and your function `{name}` insists on one. "
        f"Your server stopped on the way: {words}.{place}",
        help=f"Take the name of the payload out of the brackets after `def {name}`.",
        line=line,
    )
    raise Failure(
        _stopped(asked, words, place),
        help="The method of a class takes the object as its first value: "
        f"`def {name}(self):`. A plain function for this event has empty brackets.",
        line=line,
    )


def _explain_coroutine(app: App, asked: Asked) -> None:
    """Raise a Failure if the event, or the work that it starts, belongs to an `async def`."""
    started = {last_name(work_of(call)) for call in starting_calls(app)}
    for file, function in app.source.functions():
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        listens = function.name in {asked.event, f"on_{asked.event}"} or any(
            isinstance(item, ast.Call) and item.args and constant(item.args[0]) == asked.event
            for item in function.decorator_list
        )
        if not listens and function.name not in started:
            continue
        line, place = place_of(app, file, function.lineno)
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
        line, place = place_of(app, call.file, call.line)
        raise Failure(
            f"`{asked.awaited}` did not come. The checker waited for {within:g} seconds, and your "
            f"app waits with `{call.name}({seconds})`.{place}",
            help="`sleep` counts in seconds, not in thousandths: `sleep(2)` waits for two seconds, "
            "and `sleep(0.3)` for less than one.",
            line=line,
        )
