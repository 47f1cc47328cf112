"""Lesson 4 names the cause: what a learner reads whose app does not do what the task asks."""

import pytest

from checker.lesson import load_course
from checker.run import Pool, check_submission, result_of
from checker.submission import Submission
from tests.lessons.said import Said, expect_said, variant_of

LESSON = next(lesson for lesson in load_course().lessons if lesson.slug == "04-event-handlers")
SAID: dict[str, Said] = {
    "client_connects/ends-itself": (
        "Your script ends itself before it comes to its last line, so it starts no server.",
        "Take out the line that ends it, such as `sys.exit()`.",
        "sys.exit()",
    ),
    "client_connects/emit-from-flask": (
        "While loading, your app raised ImportError: cannot import name 'emit' from 'flask' (—)",
        "`emit` comes from another package: write `from flask_socketio import SocketIO, "
        "emit` on a line of its own.",
        "from flask import Flask, emit",
    ),
    "client_connects/message-queue": (
        "While letting a client connect, your app raised RuntimeError: Test client cannot be "
        "used with a message queue. Disable the queue on your test configuration.",
        "The checks run your app alone, without such a queue. Take the option `message_queue` out.",
        'socketio = SocketIO(app, async_mode="threading", message_queue="redis://")',
    ),
    "client_connects/on-message": (
        "While loading, your app raised AttributeError: 'SocketIO' object has no attribute "
        "'on_message'",
        'The name of the event stands in brackets: `@socketio.on("message")`.',
        "@socketio.on_message",
    ),
    "each_message_gets_one_answer/no-answer-for-numbers": (
        "— messages arrived, and your app sent — answers.",
        "Call `emit` each time the handler runs, whatever happened before, and whatever kind "
        "of value the payload is.",
        'emit("response", {"data": "Message received!"})',
    ),
    "message_is_answered/below-return": (
        "Line 17 calls `emit`, and your handler never comes to it: a function ends at its "
        "`return`.",
        "Move that line above the `return`.",
        'emit("response", {"data": "Message received!"})',
    ),
    "message_is_answered/everybody-but-the-sender": (
        "Your app sends its answer to everybody except the client that sent the message: "
        "that is what `include_self=False` means.",
        'Leave both options out: `emit("response", …)` answers the sender alone.',
        'emit("response", {"data": "Message received!"}, broadcast=True, include_self=False)',
    ),
    "message_is_answered/payload-with-a-name": (
        "The payload of `response` is empty. `emit` takes its payload as the second thing in "
        "the brackets, and drops one with the name `data=`.",
        'Write the dictionary without a name: `emit("response", {"data": …})`.',
        'emit("response", data={"data": "Message received!"})',
    ),
    "message_is_printed/at-sign-missing": (
        "Line 13 names an event and marks no function: the `@` is missing.",
        "Write an `@` in front of it, directly above the `def` of your handler.",
        'socketio.on("message")',
    ),
    "message_is_printed/below-run": (
        "Your handler stands below line 14, which starts the server. That line does not come "
        "back while the server runs, so what follows is not read.",
        "Move the handler above the line that starts the server.",
        '@socketio.on("message")',
    ),
    "message_is_printed/class-not-handed-over": (
        "Your class `Messages` has a handler, and the SocketIO object was never told of that "
        "class.",
        'Hand an object of it over: `socketio.on_namespace(Messages("/"))`.',
        "class Messages(Namespace):",
    ),
    "message_is_printed/class-without-on": (
        "The function `message` of your class `Messages` is not called: in such a class, a "
        "handler's name begins with `on_`.",
        "Name it `on_message`.",
        "def message(self, data):",
    ),
    "message_is_printed/class-without-self": (
        "While answering the event 'message', your app raised TypeError: "
        "Messages.on_message() takes 1 positional argument but 2 were given",
        "The first parameter of a function in a class is the object itself: write `def "
        "on_message(self, data):`.",
        "def on_message(data):",
    ),
    "message_is_printed/decorator-gives-nothing-back": (
        "While answering the event 'message', your app raised TypeError: 'NoneType' object "
        "is not callable",
        "What stands above your handler with an `@` gave nothing back. End that function "
        "with `return` and the name of its inner function.",
        '@socketio.on("message")',
    ),
    "message_is_printed/f-missing": (
        "The message '— says \"hi\" in {braces}, 100% true' arrived. Your app printed "
        "`Received: {data}`. The name in braces was printed, and not its value.",
        "Write an `f` in front of the first quotation mark: it puts the value in the place "
        "of a name in braces.",
        'print("Received: {data}")',
    ),
    "message_is_printed/handler-in-the-brackets": (
        "Line 18 hands a function to `.on`, as in JavaScript. In Python nothing is tied to "
        "the event by that.",
        'Write `@socketio.on("message")` on the line above your function.',
        'socketio.on("message", handle_message)',
    ),
    "message_is_printed/history-each-time": (
        "— messages arrived, and your app printed the first of them — times. The task asks "
        "for one line for each event.",
        "Print the payload that has arrived, and none of those that came before it.",
        'print("Received:", m)',
    ),
    "message_is_printed/inside-the-route": (
        "Your handler stands inside the function `index`, and that function has not run when "
        "the message arrives.",
        "Move the handler out of it: its `@` and its `def` stand at the left edge.",
        '@socketio.on("message")',
    ),
    "message_is_printed/never-reached": (
        "Line 17 of `app.py` marks a handler for `message`, and your app never comes to that line.",
        "Move the handler to the left edge of the file, above the line that starts the server.",
        '@socketio.on("message")',
    ),
    "message_is_printed/printed-twice": (
        "One message arrived, and your app printed it 2 times. The task asks for one line "
        "for each event.",
        "Print each payload in one place. A second `print` makes a second line.",
        'print("Received:", data)',
    ),
    "message_is_printed/star-parameter": (
        "Your app printed `Received: ('— says \"hi\" in {braces}, 100% true',)`. The task "
        'asks for `Received: — says "hi" in {braces}, 100% true`.',
        "A star in front of a parameter gathers what arrives and puts it in brackets. Take "
        "the star away.",
        'print("Received:", args)',
    ),
    "message_is_printed/word-misspelled": (
        'Your app printed `Recieved: — says "hi" in {braces}, 100% true`. The task asks for '
        '`Received: — says "hi" in {braces}, 100% true`.',
        "Print the word `Received:`, one space, and the payload as it is. Nothing stands "
        "around it, not even quotation marks.",
        'print("Recieved:", data)',
    ),
    "nobody_else_hears_it/own-emit": (
        "Three clients are connected, and one of them sends a message. The others get the "
        "event 'response' with {'data': 'Message received!'} as well. Your app has a "
        "function of its own with the name `emit`, which takes the place of the one you "
        "import.",
        "Take your function `emit` out, or give it another name.",
        "def emit(name, payload):",
    ),
    "nothing_without_a_message/listens-for-json-too": (
        "A client sent the event 'json', and your app answered it with `response`. The task "
        "asks for that answer to a `message` alone.",
        "Listen for `message` alone in that handler, or give the other event another answer.",
        '@socketio.on("json")',
    ),
    "nothing_without_a_message/listens-for-my-event-too": (
        "A client sent the event 'my event', and your app answered it with `response`. The "
        "task asks for that answer to a `message` alone.",
        "Listen for `message` alone in that handler, or give the other event another answer.",
        '@socketio.on("my event")',
    ),
    "nothing_without_a_message/tells-who-came-with-response": (
        "A client came and left, and nobody sent a message. Another client got the event "
        "'response' with {'data': 'Somebody came'}.",
        "Leave `response` for answers. To tell who comes and leaves, use another name.",
        'emit("response", {"data": "Somebody came"}, broadcast=True, include_self=False)',
    ),
    "nothing_without_a_message/tells-who-left-with-response": (
        "A client came and left, and nobody sent a message. Another client got the event "
        "'response' with {'data': 'Somebody left'}.",
        "Leave `response` for answers. To tell who comes and leaves, use another name.",
        'socketio.emit("response", {"data": "Somebody left"})',
    ),
    "objects_are_printed_too/one-of-several-fields": (
        "An object with 6 values arrived, and your app printed 1 of them. Your app printed "
        "`Received: —`.",
        "Print the payload as a whole, and not one of its fields.",
        'print("Received:", data)',
    ),
    "objects_are_printed_too/only-texts-and-objects": (
        "A list arrived. Your app printed nothing. The task asks for a line for each event, "
        "whatever its payload is.",
        "Print the payload of each message, whatever kind of value it is.",
        'print("Received:", data)',
    ),
    "objects_are_printed_too/piece-by-piece": (
        "An object arrived, and your app printed 6 lines that begin with `Received:`. The "
        "task asks for one line for each event.",
        "Hand the payload to `print` as a whole, and not piece by piece.",
        'print("Received:", part)',
    ),
    "objects_are_printed_too/word-for-texts-only": (
        'An object arrived. Your app printed `{"text": "—", "message": "—", "data": "—", '
        '"msg": "—", "—": "—", "count": —}`. In front of it, the word `Received:` is missing.',
        "Print the word in front of every kind of payload. A choice with `if` and `else` "
        "inside a line needs brackets around it.",
        'print("Received: " + data if isinstance(data, str) else json.dumps(data))',
    ),
    "second-handler-prints": (
        "2 functions listen for `message`, and only the last of them is called. It sends no "
        "answer.",
        "Put everything that is to happen into one handler.",
        '@socketio.on("message")',
    ),
    "second-object-for-the-app": (
        "Line 6 makes a second SocketIO object for the same app, and `emit` sends through that "
        "one. The client talks to the first.",
        "Make the SocketIO object once: take the second one out.",
        'live = SocketIO(app, async_mode="threading")',
    ),
    "database-of-another-thread": (
        "A real client connected over the network and sent a message. Your handler stopped on the "
        "way to the answer: sqlite3.ProgrammingError: SQLite objects created in a thread can only "
        "be used in that same thread. —.",
        "Each client has a thread of its own, and some things work only in the thread in which "
        "they were made. Make what the named line needs in the handler itself.",
        'database.execute("INSERT INTO messages VALUES (?)", (str(data),))',
    ),
}
"""A mistake to message, help, and the line that is shown. What differs each time is a dash."""

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(stages: Pool, name: str) -> None:
    expect_said(LESSON, stages, name, SAID[name])


@pytest.mark.parametrize("name", ["no-space", "last-client"])
def test_nobody_is_suspected_while_something_else_is_to_be_mended(stages: Pool, name: str) -> None:
    submission = Submission.from_files(variant_of(LESSON, name).files)
    result = result_of(check_submission(LESSON, submission, stage_pool=stages))
    outcomes = {one.name: one.outcome for one in result.checks}
    assert outcomes["message_is_answered"] == "passed"
    assert outcomes["answer_is_real"] == "skipped"
