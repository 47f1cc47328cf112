"""Checks of lesson 4: `message` is printed, and answered to its sender alone."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import randint
from typing import Any

from checker import (
    App,
    Client,
    Event,
    Failure,
    Loaded,
    Source,
    check,
    constant,
    expect,
    expect_equal,
    shown,
)

ANSWER = {"data": "Message received!"}
ADVICE = {
    "'Flask' object has no attribute 'on'": "Events belong to the SocketIO object: write its name "
    "before `.on`, for instance `@socketio.on`.",
    "name 'emit' is not defined": "Import `emit` from `flask_socketio`, beside `SocketIO`.",
    "multiple values for argument 'to'": "Give `emit` two things: the name of the event, and one "
    "payload. A dictionary is written with braces and a colon.",
    "'dict' object has no attribute": "A payload may be an object, which arrives as a dictionary. "
    "Print it as it is; `print` can show every kind of value.",
}
"""Part of an error's text to what helps."""
SLOW = 2.0
"""Seconds that a client may wait until it is connected."""
SLASH = ast.Constant("/")
"""The namespace in which `emit` sends when none is given."""
BEFORE = r"^(?:.*(?:[^\w\s]|DEBUG|INFO|WARNING|ERROR|CRITICAL)\s*)?"
"""What may stand in front of the printed text: nothing, or what a logger puts there."""


@check(task=1)
def client_connects(app: App) -> None:
    """The app loads without starting a server, and a client connects."""
    with advice(app.source):
        app.load()
    expect(
        not app.ran_server_on_import,
        "Your app starts a server as soon as its file is read. "
        "The task asks for a file that can be read without that.",
        help='Put the line that starts the app under `if __name__ == "__main__":`.',
        line=next((call.line for call in app.source.calls("run")), None),
    )
    seconds = seconds_to_connect(app)
    if seconds > SLOW:
        seconds = seconds_to_connect(app)  # A busy machine may be to blame once.
    expect(
        seconds <= SLOW,
        f"A client waited {seconds:.1f} seconds until it was connected.",
        help="The client is connected only when your function for `connect` is done. "
        "Let it return at once, and leave long work out of it.",
        line=line_in_entry(app.source, "connect"),
    )


@check(task=1, needs=client_connects)
def page_still_answers(app: App) -> None:
    """The page at `/` answers as before, if your app has one."""
    if "/" not in app.load().routes:
        return
    answer = app.get("/")
    if "'Request' object has no attribute 'namespace'" in app.output:
        raise Failure(
            "Opening the page `/` fails: its function calls `emit`, and a page request "
            "does not come from a client on an open line.",
            help="Call `emit` in the handler. In a route, `socketio.emit` sends to every client.",
            line=app.source.line_of("emit("),
        )
    expect(
        answer.status < 500,
        f"Opening the page `/` ends with an error. {last_words(app.output)}",
        help="Give the page and the event a function each: a page request brings no payload.",
        line=answer.line or app.source.line_of("route("),
    )


@check(task=1, points=2, needs=client_connects)
def message_is_printed(app: App) -> None:
    """Each `message` is printed as `Received:`, a space, and its text."""
    loaded = app.load()
    client = app.connect()
    for _ in range(randint(2, 4)):
        text = f'{app.nonce()} says "hi" in {{braces}}, 100% true'
        before = len(app.output)
        crash = delivered(app, client, text)
        if not printed(app, client, f"Received: {re.escape(text)}[ \t\r]*$"):
            raise crash or not_printed(app.source, loaded, app.output[before:], text)


@check(task=1, needs=message_is_printed)
def objects_are_printed_too(app: App) -> None:
    """A `message` that is an object is printed too."""
    client = app.connect()
    word, before = app.nonce(), len(app.output)
    crash = delivered(app, client, {"text": word, "count": randint(2, 9)})
    if not appears(app, client, word):
        raise crash or Failure(
            f"An object arrived. {shown_output(app.output[before:])} "
            "The task asks for objects to be printed too.",
            help="Print the payload of each message, whatever kind of value it is.",
            line=app.source.line_of("Received"),
        )


@check(task=2, points=2, needs=client_connects)
def message_is_answered(app: App) -> None:
    """A `message` is answered with `response` and the dictionary of the task."""
    client = app.connect()
    client.received()
    with advice(app.source, "message"):
        client.emit("message", app.nonce())
    answers, others = collect(app, client, 1)
    if not answers:
        raise not_answered(app, client, others)
    expect(
        list(answers[0].args) == [ANSWER],
        f"The payload of `response` is {' and '.join(map(shown, answers[0].args)) or 'empty'}. "
        f"The task asks for {ANSWER}.",
        help="Send that dictionary and nothing besides: one key, and its text letter by letter.",
        line=app.source.line_of("response"),
        expected=dict(ANSWER),
        observed=answers[0].data,
    )


@check(task=2, needs=message_is_answered)
def each_message_gets_one_answer(app: App) -> None:
    """Each `message` gets one answer, whether it is text or an object."""
    client = app.connect()
    client.received()
    count = randint(3, 6)
    for number in range(count):
        word = app.nonce()
        client.emit("message", {"text": word} if number % 2 else word)
    answers, others = collect(app, client, count)
    sent = "1 answer" if len(answers) == 1 else f"{len(answers)} answers"
    told = f"{count} messages arrived, and your app sent {sent}"
    expect(
        len(answers) >= count,
        f"{told}.",
        help="Call `emit` each time the handler runs, whatever happened before.",
        line=app.source.line_of("response"),
        expected=count,
        observed=len(answers),
    )
    expect(
        len(answers) == count and not others,
        f"{told}{' and other events besides' if others else ''}.",
        help="Send one event for each message: one call of `emit`, and nothing besides.",
        line=app.source.line_of("response"),
        expected=count,
        observed=len(answers) + len(others),
    )


@check(task=2, points=2, needs=message_is_answered)
def nobody_else_hears_it(app: App) -> None:
    """Only the client that sent the `message` gets the answer."""
    clients = [app.connect() for _ in range(3)]
    settle(app, clients[0], 0.03)
    for client in clients:
        client.received()
    for sender in clients:
        sender.emit("message", app.nonce())
        answers, _ = collect(app, sender, 1)
        heard = [event for other in clients if other is not sender for event in other.received()]
        told = "Three clients are connected, and one of them sends a message."
        expect(
            answers or not heard,
            f"{told} It gets no answer; another client gets {shown_events(heard)}.",
            help="Answer the client whose message you are handling. "
            "The bare `emit` does that when you leave `to=` out.",
            line=app.source.line_of("emit("),
        )
        expect(
            not heard,
            f"{told} The others get {shown_events(heard)} as well.",
            help="Use the bare `emit` without `broadcast=True`: it answers the sender alone.",
            line=app.source.line_of("emit("),
        )


@check(task=2, needs=message_is_answered)
def nothing_without_a_message(app: App) -> None:
    """Without a `message` there is no `response`."""
    client = app.connect()
    settle(app, client, 0.03)
    early = [event for event in client.received() if event.name == "response"]
    expect(
        not early,
        f"A client connected and sent nothing, and it got {shown_events(early)}.",
        help="Leave `response` for answers. To greet a client, use another name.",
        line=app.source.line_of("response"),
    )
    word, before = app.nonce(), len(app.output)
    for name in (app.nonce(), f"message {app.nonce()}"):
        client.emit(name, word)
    settle(app, client, 0.03)
    late = [event for event in client.received() if event.name == "response"]
    expect(
        not late and not re.search(f"Received: {word}", app.output[before:]),
        "A client sent an event with a name of its own, and your app treated it like `message`.",
        help='Listen for the one name: `@socketio.on("message")`.',
        line=next((item.line for item in listeners(app.source) if item.event == "*"), None),
    )


@check(task=2, needs=message_is_answered)
def answer_is_real(app: App) -> None:
    """A real client, over a real connection, is answered too, and alone."""
    told = "A real client connected over the network and sent a message."
    only_tools = "Your app answers only the tools that check it."
    server = app.host()
    sender, other = server.connect("any"), server.connect("any")
    sender.received()
    word = app.nonce()
    sender.emit("message", word)
    try:
        answer = sender.receive("response", within=3, help="-")
    except Failure as failure:
        raise Failure(
            f"{told} It was not answered. {only_tools}",
            help="Take out the lines that change the library.",
        ) from failure
    expect_equal(
        answer.data,
        dict(ANSWER),
        what=f"{told} The payload of `response`",
        help="Answer every client alike, whoever it is.",
    )
    extra = [event for client in (sender, other) for event in client.received()]
    expect(
        server.wait_output(f"Received: {word}") and "response" not in {one.name for one in extra},
        f"{told} It was not printed once and answered once. {only_tools}",
        help="Do the same for every message, wherever it comes from.",
    )


def last_words(output: str) -> str:
    """Write the last error that the app printed, as a sentence."""
    errors = re.findall(r"^[A-Za-z_][\w.]*(?:: .*)?$", output.rpartition("Traceback (")[2], re.M)
    return f"The error is: {errors[-1][:300]}" if errors else "No error text was printed."


def seconds_to_connect(app: App) -> float:
    """Connect a client and return how long it took."""
    begun = time.monotonic()
    with advice(app.source, "connect"):
        app.connect(
            help="A function for `connect` that returns `False` turns every client away. "
            "Take that line out."
        )
    return time.monotonic() - begun


def delivered(app: App, client: Client, payload: Any) -> Failure | None:
    """Send one `message`; return the error with which the handler stopped, if it did.

    A handler may print first and stop later: what it printed is there all the same.
    """
    try:
        with advice(app.source, "message"):
            client.emit("message", payload)
    except Failure as failure:
        if failure.outcome != "crashed":
            raise
        return failure
    return None


@contextmanager
def advice(source: Source, event: str | None = None) -> Iterator[None]:
    """Tell a learner what to do about an error that says too little about it."""
    try:
        yield
    except Failure as failure:
        for part, help in ADVICE.items():
            if part in failure.message:
                failure.help = help
        if event and failure.line is None:
            failure.line = line_in_entry(source, event)
        raise


def printed(app: App, client: Client, pattern: str) -> bool:
    """Whether the app prints a line with this text, now or within half a second."""
    if not re.search(BEFORE + pattern, app.output, re.M):
        settle(app, client, 0.5)
    return re.search(BEFORE + pattern, app.output, re.M) is not None


def appears(app: App, client: Client, word: str) -> bool:
    """Whether the app prints ``word`` behind `Received: `, on whatever line, soon enough."""
    if word not in app.output.partition("Received: ")[2]:
        settle(app, client, 0.5)
    return word in app.output.partition("Received: ")[2]


def settle(app: App, client: Client, seconds: float) -> None:
    """Let the app work for a while. What it sends stays there to be read."""
    try:
        client.receive(app.nonce(), within=seconds, help="-")
    except Failure as failure:
        if failure.outcome != "failed":
            raise


@dataclass(frozen=True, slots=True)
class Listener:
    """A function that is marked as a handler, with or without brackets after the mark."""

    file: str
    line: int
    event: object
    function: ast.FunctionDef | ast.AsyncFunctionDef
    brackets: bool


def listeners(source: Source) -> Iterator[Listener]:
    """Yield the functions with `.on` above them."""
    for file, function in source.functions():
        for mark in function.decorator_list:
            head = mark.func if isinstance(mark, ast.Call) else mark
            if isinstance(head, ast.Attribute) and head.attr == "on":
                first = mark.args[0] if isinstance(mark, ast.Call) and mark.args else None
                event = constant(first)
                yield Listener(file, mark.lineno, event, function, isinstance(mark, ast.Call))


def not_printed(source: Source, loaded: Loaded, output: str, text: str) -> Failure:
    """Say why a message was not printed as it should be."""
    here = [found for found in listeners(source) if found.event == "message"]
    if not {("/", "message"), ("/", "*")} & set(loaded.events):
        return not_listening(source, loaded, here)
    waiting = [found for found in here if isinstance(found.function, ast.AsyncFunctionDef)]
    if waiting or "was never awaited" in output:
        return Failure(
            "A message arrived, and your handler was called and not run: it is an `async def`.",
            help="Take the word `async` away, so that the handler is a plain `def`.",
            line=line_in_entry(source, "message"),
        )
    if len(here) > 1:
        return Failure(
            f"{len(here)} functions listen for `message`, and only the last of them is called. "
            f"{shown_output(output)}",
            help="Put everything that is to happen into one handler.",
            line=line_in_entry(source, "message"),
        )
    return printed_otherwise(source, output, text) or nothing_shown(source, output, here, text)


def printed_otherwise(source: Source, output: str, text: str) -> Failure | None:
    """Say in which other way the text of a message was printed, if it was."""
    if f"Received:  {text}" in output:
        return Failure(
            f"{shown_output(output)} There are two spaces after `Received:`. "
            "The task asks for one.",
            help='`print` puts a space between two things by itself: write "Received:" '
            "without one at its end.",
            line=source.line_of("Received"),
        )
    if f"Received: {text}" in output:
        return Failure(
            f"{shown_output(output)} The task asks for a line on which nothing else is.",
            help="`print` ends its line by itself: leave `end=` out, and print the payload last.",
            line=source.line_of("Received"),
        )
    if text in output:
        return Failure(
            f"{shown_output(output)} The task asks for `Received: {text}`.",
            help="Print the word `Received:`, one space, and the payload as it is. "
            "Nothing stands around it, not even quotation marks.",
            line=line_in_entry(source, "message"),
        )
    return None


def nothing_shown(source: Source, output: str, here: list[Listener], text: str) -> Failure:
    """Say why the text of a message is nowhere in the output, though a handler exists."""
    if "info(" in source.text(here[0].file if here else None):
        return Failure(
            "A message arrived, and your logger kept it to itself.",
            help="A logger shows `warning` and above unless it is told otherwise. Use `print`, "
            "or `app.logger.warning`.",
            line=source.line_of("info("),
        )
    return Failure(
        f"The message {text!r} arrived. {shown_output(output)} "
        "The task asks for a line with the text of that message.",
        help="Print the parameter of your handler: it holds what the client sent.",
        line=line_in_entry(source, "message"),
    )


def not_listening(source: Source, loaded: Loaded, here: list[Listener]) -> Failure:
    """Say why no handler of the running app was called."""
    bare = [found for found in listeners(source) if not found.brackets]
    if bare:
        return Failure(
            f"Line {bare[0].line} of `{bare[0].file}` marks a function with `.on` and names no "
            "event, so the function is never called.",
            help='Write the name of the event in brackets: `.on("message")`.',
            line=bare[0].line if bare[0].file == source.entry else None,
        )
    elsewhere = [name for name, event in loaded.events if event == "message"]
    if elsewhere:
        return Failure(
            f"Your handler listens in the namespace `{elsewhere[0]}`. "
            "The clients send in the namespace `/`.",
            help="Leave `namespace=` out.",
            line=line_in_entry(source, "message"),
        )
    if here and loaded.socketio_count > 1:
        return Failure(
            f"`{here[0].file}` ties its handler to a SocketIO object that the running app "
            f"does not use: there are {loaded.socketio_count} of them.",
            help="Make the SocketIO object once, in a file that does not start anything, "
            "and import it from there in every other file.",
        )
    if here:
        return Failure(
            f"`{here[0].file}` listens for `message`, and running the app never runs that file.",
            help="Import that file in `app.py`, below the line that makes the SocketIO object.",
        )
    return nobody_listens(source, loaded)


def nobody_listens(source: Source, loaded: Loaded) -> Failure:
    """Say which events the app listens for instead."""
    others = [event for space, event in loaded.events if space == "/"]
    others = [event for event in others if event not in ("connect", "disconnect")]
    if others and any(function.name == others[0] for _, function in source.functions()):
        return Failure(
            f"Your app listens for {shown(others[0])}, the name of a function of yours. "
            "The client sends 'message', so nothing is called.",
            help='Name the event in brackets: `@socketio.on("message")`. '
            "`@socketio.event` takes the name of the function in its place.",
            line=source.line_of(f"def {others[0]}"),
        )
    if others:
        return Failure(
            f"Your app listens for {' and '.join(map(shown, others[:3]))}. "
            "The client sends 'message', so nothing is called.",
            help="The two names are the same, letter by letter: small letters, no spaces.",
            line=source.line_of(others[0]),
        )
    return Failure(
        "A `message` arrived, and no function of your app listens for it.",
        help='Write a function with one parameter, and `@socketio.on("message")` above it.',
    )


def line_in_entry(source: Source, event: str) -> int | None:
    """Return the line of the last handler of ``event`` that stands in the script itself."""
    lines = [item.line for item in listeners(source) if item.event == event]
    entry = [item.line for item in listeners(source) if item.file == source.entry]
    return next((line for line in reversed(lines) if line in entry), None)


def shown_output(output: str) -> str:
    """Write what the app printed, as a sentence."""
    last = next((line for line in reversed(output.splitlines()) if line.strip()), None)
    return f"Your app printed `{last[:150]}`." if last else "Your app printed nothing."


def collect(app: App, client: Client, count: int) -> tuple[list[Event], list[Event]]:
    """Wait for ``count`` answers and a little longer; return the answers and all else."""
    answers = []
    try:
        for _ in range(count):
            answers.append(client.receive("response", help="-"))
    except Failure as failure:
        if failure.outcome != "failed":
            raise
    settle(app, client, 0.03)
    rest = client.received()
    answers += [event for event in rest if event.name == "response"]
    return answers, [event for event in rest if event.name != "response"]


def not_answered(app: App, client: Client, others: list[Event]) -> Failure:
    """Say what the app did instead of answering."""
    if others:
        return Failure(
            f"Your app answered with the event {others[0].name!r}. The task asks for 'response'.",
            help='The first thing in the brackets of `emit` is the name of the event: "response".',
            line=app.source.line_of("emit(") or app.source.line_of("send("),
        )
    calls = app.source.calls("emit")
    if spaces := [call for call in calls if constant(call.keywords.get("namespace", SLASH)) != "/"]:
        return Failure(
            "Your app sends its answer into a namespace in which the client is not.",
            help="Leave `namespace=` out of `emit`.",
            line=spaces[0].line if spaces[0].file == app.source.entry else None,
        )
    if away := [call for call in calls if {"to", "room"} & call.keywords.keys()]:
        return Failure(
            "Your app sends its answer to somebody, and the client that sent the message "
            "is not among them.",
            help="Leave `to=` out: the bare `emit` answers the client whose message it is.",
            line=away[0].line if away[0].file == app.source.entry else None,
        )
    if "Working outside of" in app.output:
        return Failure(
            "Your app calls `emit` where no event is being handled, so it cannot know "
            "which client to answer.",
            help="Call `emit` in the handler itself, and not in a thread that it starts.",
            line=app.source.line_of("emit("),
        )
    returned = client.call("message", app.nonce())
    if returned is not None:
        return Failure(
            f"Your handler returns {shown(returned)}. Returning sends no event.",
            help='Call `emit("response", …)` with that value in place of `return`.',
            line=app.source.line_of("return {") or app.source.line_of("    return"),
        )
    return Failure(
        "A `message` arrived, and the client that sent it got no answer.",
        help='Call `emit("response", …)` inside the handler.',
    )


def shown_events(events: list[Event]) -> str:
    """Write the first of some events."""
    return f"the event {events[0].name!r} with {shown(events[0].data, 80)}" if events else ""
