"""Checks of lesson 4: `message` is printed, and answered to its sender alone."""

from __future__ import annotations

import ast
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    "'int' object": "A payload may be a number, or a list. "
    "Print it as it is; `print` can show every kind of value.",
    "cannot import name 'emit' from 'flask'": "`emit` comes from another package: "
    "write `from flask_socketio import SocketIO, emit` on a line of its own.",
    "'SocketIO' object has no attribute 'on_": "The name of the event stands in brackets: "
    '`@socketio.on("message")`.',
    ".on_message() takes 1 positional argument but 2": "The first parameter of a function in a "
    "class is the object itself: write `def on_message(self, data):`.",
    "emit() got an unexpected keyword argument 'to'": "The `emit` of your class does not know "
    "`to=`. Call the bare `emit` of `flask_socketio`, which answers the sender alone.",
    "be used with a message queue": "The checks run your app alone, without such a queue. "
    "Take the option `message_queue` out.",
}
"""Part of an error's text to what helps."""
SUSPECTS = {
    ".on_message() takes 1 positional": "def on_message(",
    "argument 'to'": "to=",
    "message queue": "message_queue",
}
"""Part of an error's text to what the line holds that it is about."""
WAITS = ("sleep(", "input(", "while True")
STRAYS = ("json", "my event", "my_event", "Message", "msg")
"""Names that programs of others listen for."""
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
    texts = [f'{app.nonce()} says "hi" in {{braces}}, 100% true' for _ in range(randint(2, 4))]
    for text in texts:
        before = len(app.output)
        crash = delivered(app, client, text)
        if not printed(app, client, f"Received: {re.escape(text)}[ \t\r]*$"):
            raise crash or not_printed(app.source, loaded, app.output[before:], text)
        client.received()  # answers are another check's matter; together they may be too much
    settle(app, client, 0.03)
    last, first = (times(app.output, re.escape(text)) for text in (texts[-1], texts[0]))
    expect(
        last == 1,
        f"One message arrived, and your app printed it {last} times. "
        "The task asks for one line for each event.",
        help="Print each payload in one place. A second `print` makes a second line.",
        line=app.source.line_of("Received"),
        expected=1,
        observed=last,
    )
    expect(
        first == 1,
        f"{len(texts)} messages arrived, and your app printed the first of them {first} times. "
        "The task asks for one line for each event.",
        help="Print the payload that has arrived, and none of those that came before it.",
        line=app.source.line_of("Received"),
        expected=1,
        observed=first,
    )


@check(task=1, needs=message_is_printed)
def objects_are_printed_too(app: App) -> None:
    """A `message` that is an object, a list or a number is printed too."""
    client = app.connect()
    for kind, payload in payloads(app):
        before = len(app.output)
        crash = delivered(app, client, payload)
        if not appears(app, client, before, parts(payload)):
            raise crash or kind_not_printed(app.source, app.output[before:], kind, payload)
        lines = times(app.output[before:], "")
        expect(
            lines <= 1,
            f"{kind} arrived, and your app printed {lines} lines that begin with `Received:`. "
            "The task asks for one line for each event.",
            help="Hand the payload to `print` as a whole, and not piece by piece.",
            line=app.source.line_of("Received"),
            expected=1,
            observed=lines,
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
    named = next((one for one in app.source.calls("emit") if "data" in one.keywords), None)
    expect(
        answers[0].args or not named,
        "The payload of `response` is empty. `emit` takes its payload as the second thing in the "
        "brackets, and drops one with the name `data=`.",
        help='Write the dictionary without a name: `emit("response", {"data": …})`.',
        line=named.line if named and named.file == app.source.entry else None,
        expected=dict(ANSWER),
    )
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
    """Each `message` gets one answer, whatever its payload is."""
    client = app.connect()
    client.received()
    kinds = [app.nonce(), *(payload for _, payload in payloads(app))]
    count = randint(len(kinds), len(kinds) + 3)
    crash = None
    for number in range(count):
        crash = crash or delivered(app, client, kinds[number % len(kinds)])
    answers, others = collect(app, client, count)
    if crash and len(answers) < count:
        raise crash
    sent = "1 answer" if len(answers) == 1 else f"{len(answers)} answers"
    told = f"{count} messages arrived, and your app sent {sent}"
    expect(
        len(answers) >= count,
        f"{told}.",
        help="Call `emit` each time the handler runs, whatever happened before, "
        "and whatever kind of value the payload is.",
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
        own = re.search(r"^def emit\(", app.source.text(), re.M)
        expect(
            not heard or not own,
            f"{told} The others get {shown_events(heard)} as well. Your app has a function of "
            "its own with the name `emit`, which takes the place of the one you import.",
            help="Take your function `emit` out, or give it another name.",
            line=app.source.line_of("def emit("),
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
        line=line_inside(app.source, "connect", "response") or app.source.line_of("response"),
    )
    word, before = app.nonce(), len(app.output)
    own = own_events(app.load())
    for name in (app.nonce(), f"message {app.nonce()}", *(set(STRAYS) - set(own))):
        client.emit(name, word)
    settle(app, client, 0.03)
    late = [event for event in client.received() if event.name == "response"]
    expect(
        not late and not re.search(f"Received: {word}", app.output[before:]),
        "A client sent an event with a name of its own, and your app treated it like `message`.",
        help='Listen for the one name: `@socketio.on("message")`.',
        line=next((item.line for item in listeners(app.source) if item.event == "*"), None),
    )
    bystander_hears_nothing(app, client)
    for name in own[:6]:
        other_event_is_not_answered(app, name)


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


def bystander_hears_nothing(app: App, bystander: Client) -> None:
    """Let a client come and go, and expect that another gets no `response` of that."""
    other = app.connect()
    other.received()
    with suppress(Failure):  # What it does when a client leaves is not asked for.
        other.disconnect()
    settle(app, bystander, 0.03)
    heard = [event for event in bystander.received() if event.name == "response"]
    expect(
        not heard,
        "A client came and left, and nobody sent a message. "
        f"Another client got {shown_events(heard)}.",
        help="Leave `response` for answers. To tell who comes and leaves, use another name.",
        line=line_inside(app.source, "disconnect", "response")
        or line_inside(app.source, "connect", "response")
        or app.source.line_of("response"),
    )


def own_events(loaded: Loaded) -> list[str]:
    """Return the other events that the app listens for."""
    usual = ("message", "connect", "disconnect", "*")
    return [event for space, event in loaded.events if space == "/" and event not in usual]


def other_event_is_not_answered(app: App, name: str) -> None:
    """Send an event that the app listens for besides, and expect no `response`."""
    try:
        client = app.connect()
        client.received()
        with suppress_crash():
            client.emit(name, app.nonce())
        answers, _ = collect(app, client, 1)
    except Failure:
        return  # What else it does is its own business.
    expect(
        not answers,
        f"A client sent the event {name!r}, and your app answered it with `response`. "
        "The task asks for that answer to a `message` alone.",
        help="Listen for `message` alone in that handler, or give the other event another answer.",
        line=next((item.line for item in listeners(app.source) if item.event == name), None),
    )


@contextmanager
def suppress_crash() -> Iterator[None]:
    """Go on after an error in the learner's code."""
    try:
        yield
    except Failure as failure:
        if failure.outcome != "crashed":
            raise


def payloads(app: App) -> Iterator[tuple[str, Any]]:
    """Yield payloads of other kinds than text, and what to call them."""
    fields = {name: app.nonce() for name in ("text", "message", "data", "msg", app.nonce("f"))}
    yield "An object", {**fields, "count": randint(10_000, 99_999)}
    yield "A list", [app.nonce(), app.nonce(), randint(10_000, 99_999)]
    yield "A number", randint(10_000, 99_999)


def parts(payload: Any) -> list[str]:
    """Return the texts that a printed payload holds, however it is written."""
    if isinstance(payload, dict):
        return [str(value) for value in payload.values()]
    return [str(item) for item in payload] if isinstance(payload, list) else [str(payload)]


def kind_not_printed(source: Source, output: str, kind: str, payload: Any) -> Failure:
    """Say why a payload that is no text was not printed as it should be."""
    there = [part for part in parts(payload) if part in output]
    line = source.line_of("Received")
    if there == parts(payload):
        return Failure(
            f"{kind} arrived. {shown_output(output)} In front of it, the word `Received:` "
            "is missing.",
            help="Print the word in front of every kind of payload. A choice with `if` and `else` "
            "inside a line needs brackets around it.",
            line=line,
        )
    if there:
        return Failure(
            f"{kind} with {len(parts(payload))} values arrived, and your app printed "
            f"{len(there)} of them. {shown_output(output)}",
            help="Print the payload as a whole, and not one of its fields.",
            line=line,
        )
    return Failure(
        f"{kind} arrived. {shown_output(output)} "
        "The task asks for a line for each event, whatever its payload is.",
        help="Print the payload of each message, whatever kind of value it is.",
        line=line,
    )


def times(output: str, pattern: str) -> int:
    """How often the app printed one line with this text: a line's date and time aside.

    Who prints a line, and has a logger write it once more, wrote two different lines.
    """
    lines = re.finditer(f"(?P<front>{BEFORE})Received: {pattern}", output, re.M)
    fronts = Counter(re.sub(r"\d+", "0", line["front"]) for line in lines)
    return max(fronts.values(), default=0)


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
        for part, text in SUSPECTS.items():
            if part in failure.message:
                failure.line = failure.line or source.line_of(text)
        if failure.line is None and "'NoneType' object is not callable" in failure.message:
            failure.help = "What stands above your handler with an `@` gave nothing back. "
            failure.help += "End that function with `return` and the name of its inner function."
        if event and failure.outcome == "timed_out":
            failure.line = line_inside(source, event, *WAITS)
        if event and failure.line is None:
            failure.line = line_in_entry(source, event)
        raise


def printed(app: App, client: Client, pattern: str) -> bool:
    """Whether the app prints a line with this text, now or within half a second."""
    if not re.search(BEFORE + pattern, app.output, re.M):
        settle(app, client, 0.5)
    return re.search(BEFORE + pattern, app.output, re.M) is not None


def appears(app: App, client: Client, before: int, words: list[str]) -> bool:
    """Whether the app prints ``words`` behind `Received: `, on whatever line, soon enough."""

    def there() -> bool:
        told = app.output[before:].partition("Received: ")[2]
        return all(word in told for word in words)

    if not there():
        settle(app, client, 0.5)
    return there()


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
    inside: str | None
    """The function in which it stands."""


def listeners(source: Source) -> Iterator[Listener]:
    """Yield the functions with `.on` above them."""
    around = {
        id(inner): outer.name
        for _, outer in source.functions()
        for inner in ast.walk(outer)
        if inner is not outer
    }
    for file, function in source.functions():
        for mark in function.decorator_list:
            head = mark.func if isinstance(mark, ast.Call) else mark
            if isinstance(head, ast.Attribute) and head.attr == "on":
                first = mark.args[0] if isinstance(mark, ast.Call) and mark.args else None
                event = constant(first)
                yield Listener(
                    file,
                    mark.lineno,
                    event,
                    function,
                    isinstance(mark, ast.Call),
                    around.get(id(function)),
                )


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
    line = line_inside(source, "message", "print(", "log") or line_in_entry(source, "message")
    if f"({text!r},)" in output:
        return Failure(
            f"{shown_output(output)} The task asks for `Received: {text}`.",
            help="A star in front of a parameter gathers what arrives and puts it in brackets. "
            "Take the star away.",
            line=line,
        )
    if text in output:
        return Failure(
            f"{shown_output(output)} The task asks for `Received: {text}`.",
            help="Print the word `Received:`, one space, and the payload as it is. "
            "Nothing stands around it, not even quotation marks.",
            line=line,
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
    line = line_inside(source, "message", "print(", "log") or line_in_entry(source, "message")
    if re.search(r"\{(?!braces)\w+\}", output):
        return Failure(
            f"The message {text!r} arrived. {shown_output(output)} "
            "The name in braces was printed, and not its value.",
            help="Write an `f` in front of the first quotation mark: it puts the value in the "
            "place of a name in braces.",
            line=line,
        )
    return Failure(
        f"The message {text!r} arrived. {shown_output(output)} "
        "The task asks for a line with the text of that message.",
        help="Print the parameter of your handler: it holds what the client sent.",
        line=line,
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
    if here and here[0].file != source.entry and not here[0].inside:
        return Failure(
            f"`{here[0].file}` listens for `message`, and running the app never runs that file.",
            help="Import that file in `app.py`, below the line that makes the SocketIO object.",
        )
    if here:
        return not_reached(source, loaded, here[0])
    return not_marked(source) or nobody_listens(source, loaded)


def not_reached(source: Source, loaded: Loaded, handler: Listener) -> Failure:
    """Say why a handler in a file that runs was never tied to its event."""
    line = handler.line if handler.file == source.entry else None
    if handler.inside:
        return Failure(
            f"Your handler stands inside the function `{handler.inside}`, "
            "and that function has not run when the message arrives.",
            help="Move the handler out of it: its `@` and its `def` stand at the left edge.",
            line=line,
        )
    started = (loaded.served or {}).get("line")
    if isinstance(started, int) and started < handler.line:
        return Failure(
            f"Your handler stands below line {started}, which starts the server. That line does "
            "not come back while the server runs, so what follows is not read.",
            help="Move the handler above the line that starts the server.",
            line=line,
        )
    return Failure(
        f"Line {handler.line} of `{handler.file}` marks a handler for `message`, "
        "and your app never comes to that line.",
        help="Move the handler to the left edge of the file, above the line that starts the "
        "server.",
        line=line,
    )


def not_marked(source: Source) -> Failure | None:
    """Say what is missing where a function was meant to be a handler and is none."""
    return mark_lacks_at(source) or class_not_used(source)


def mark_lacks_at(source: Source) -> Failure | None:
    """Find a call of `.on` that stands on a line of its own."""
    for node in ast.walk(source.tree() or ast.Module([], [])):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            continue
        call = node.value
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "on":
            continue
        if len(call.args) > 1:
            return Failure(
                f"Line {call.lineno} hands a function to `.on`, as in JavaScript. "
                "In Python nothing is tied to the event by that.",
                help='Write `@socketio.on("message")` on the line above your function.',
                line=call.lineno,
            )
        return Failure(
            f"Line {call.lineno} names an event and marks no function: the `@` is missing.",
            help="Write an `@` in front of it, directly above the `def` of your handler.",
            line=call.lineno,
        )
    return None


def class_not_used(source: Source) -> Failure | None:
    """Find a class of handlers that is not handed over, or whose functions have other names."""
    for node in ast.walk(source.tree() or ast.Module([], [])):
        bases = [ast.unparse(base) for base in node.bases] if isinstance(node, ast.ClassDef) else []
        if not isinstance(node, ast.ClassDef) or not any("Namespace" in base for base in bases):
            continue
        functions = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
        if "on_message" in functions and not source.calls("on_namespace"):
            return Failure(
                f"Your class `{node.name}` has a handler, and the SocketIO object was never told "
                "of that class.",
                help=f'Hand an object of it over: `socketio.on_namespace({node.name}("/"))`.',
                line=node.lineno,
            )
        if "message" in functions and "on_message" not in functions:
            return Failure(
                f"The function `message` of your class `{node.name}` is not called: "
                "in such a class, a handler's name begins with `on_`.",
                help="Name it `on_message`.",
                line=functions["message"].lineno,
            )
    return None


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


def line_inside(source: Source, event: str, *words: str) -> int | None:
    """Return the first line in the script's handlers of ``event`` that holds one of ``words``."""
    lines = source.text().splitlines()
    numbers = (
        number
        for item in listeners(source)
        if item.event == event and item.file == source.entry
        for number in range(item.function.lineno, (item.function.end_lineno or 0) + 1)
    )
    return next((n for n in numbers if any(word in lines[n - 1] for word in words)), None)


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
    if left_out := [
        call for call in calls if constant(call.keywords.get("include_self", SLASH)) is False
    ]:
        return Failure(
            "Your app sends its answer to everybody except the client that sent the message: "
            "that is what `include_self=False` means.",
            help='Leave both options out: `emit("response", …)` answers the sender alone.',
            line=left_out[0].line if left_out[0].file == app.source.entry else None,
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
    if late := below_return(app.source):
        return Failure(
            f"Line {late} calls `emit`, and your handler never comes to it: "
            "a function ends at its `return`.",
            help="Move that line above the `return`.",
            line=late,
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


def below_return(source: Source) -> int | None:
    """Return the line of an `emit` in the script that stands below a `return` of its block."""
    for node in ast.walk(source.tree() or ast.Module([], [])):
        block = getattr(node, "body", None)
        ended = False
        for statement in block if isinstance(block, list) else []:
            if ended and "emit(" in ast.unparse(statement):
                return int(statement.lineno)
            ended = ended or isinstance(statement, ast.Return | ast.Raise)
    return None


def shown_events(events: list[Event]) -> str:
    """Write the first of some events."""
    return f"the event {events[0].name!r} with {shown(events[0].data, 80)}" if events else ""
