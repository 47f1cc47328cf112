"""Checks of lesson 4: `message` is printed, and answered to its sender alone."""

from __future__ import annotations

import re
from random import choice, randint

from checker import (
    App,
    Failure,
    check,
    expect,
    expect_equal,
    last_stop,
    last_words,
    line_in_entry,
    line_inside,
    listeners,
    shown,
)

from .advice import advice
from .conversation import collect, delivered, seconds_to_connect, settle, shown_events
from .misprints import kind_not_printed, not_printed
from .payloads import parts, payloads
from .printout import appears, printed, times
from .silence import not_answered
from .strays import bystander_hears_nothing, other_event_is_not_answered, own_events

ANSWER = {"data": "Message received!"}
GREETINGS = ("Hello", "hi", "Good morning!", "Is anybody there?", "See you tomorrow.")
"""What people write, which looks like nothing that the checks make up."""
STRAYS = ("json", "my event", "my_event", "Message", "msg")
"""Names that programs of others listen for."""
SLOW = 2.0
"""Seconds that a client may wait until it is connected."""


@check(task=1)
def client_connects(app: App) -> None:
    """The app loads without starting a server, and a client connects."""
    with advice(app.source):
        app.load()
    ends = (*app.source.calls("exit"), *app.source.calls("quit"))
    expect(
        app.load().exited is None,
        "Your script ends itself before it comes to its last line, so it starts no server.",
        help="Take out the line that ends it, such as `sys.exit()`.",
        line=next((call.line for call in ends if call.file == app.source.entry), None),
    )
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
        help=answer.advice
        or "Give the page and the event a function each: a page request brings no payload.",
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
        if not printed(app, client, text):
            raise crash or not_printed(app.source, loaded, app.output[before:], text)
        client.received()  # answers are another check's matter; together they may be too much
    settle(app, client, 0.03)
    last, first = (times(app.output, text) for text in (texts[-1], texts[0]))
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
        line=app.source.script_line(named),
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
    kinds = [app.nonce(), choice(GREETINGS), *(payload for _, payload in payloads(app))]
    count = randint(12, 15)  # who answers the first few alone has not understood
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
        expect(
            bool(answers),
            f"{told} It gets no answer.",
            help="Answer each client that sends a message, and not the first of them alone.",
            line=app.source.line_of("response"),
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
        not late and f"Received: {word}" not in app.output[before:],
        "A client sent an event with a name of its own, and your app treated it like `message`.",
        help='Listen for the one name: `@socketio.on("message")`.',
        line=next((item.line for item in listeners(app.source) if item.event == "*"), None),
    )
    bystander_hears_nothing(app, client)
    for name in own[:6]:
        other_event_is_not_answered(app, name)


@check(task=2, needs=(message_is_printed, message_is_answered, nobody_else_hears_it))
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
        stop = last_stop(server.output, app.files)
        expect(
            stop is None,
            f"{told} Your handler stopped on the way to the answer: {stop.words if stop else ''}",
            help="Each client has a thread of its own, and some things work only in the thread in "
            "which they were made. Make what the named line needs in the handler itself.",
            line=stop.line if stop and stop.file == app.source.entry else None,
        )
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
