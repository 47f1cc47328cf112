"""Lesson 7 names the cause: what a learner reads whose waits and tasks do not do what was meant."""

import pytest

from checker.lesson import load_course
from checker.run import Pool
from tests.lessons.said import Said, expect_said, first_failure, variant_of

LESSON = next(lesson for lesson in load_course().lessons if lesson.slug == "07-async-modes")
STOPPED = "Your server stopped on the way: "
BRACKETS = (
    "The brackets in `{}` call the function at once: the handler sends the ticks itself, and hands "
    "over what comes back, which is no function."
)
NAME_ALONE = "Hand over `{}` without brackets, and its values in a place of their own: `{}`."
TASK = "socketio.start_background_task(send_ticks, request.sid)"
SECONDS = (
    "`sleep` counts in seconds, not in thousandths: `sleep(2)` waits for two seconds, and "
    "`sleep(0.3)` for less than one."
)
PREPARED = (
    "`{}` did not come. `{}` is an `async def` function: a call of it only prepares the work, and "
    "Flask-SocketIO never runs what is prepared."
)
PLAIN = (
    "Write `def {}` without `async`, and wait with `socketio.sleep(…)` in place of "
    "`await asyncio.sleep(…)`."
)
YOUR_LINE = (
    "The line that is named is where your own code was at that moment. You can read the same error "
    "in the terminal of your server."
)
BACKGROUND = (
    "Work in the background has no client of its own. Read `request.sid` in the handler, hand it "
    'over, and send with `socketio.emit("{}", …, to=sid)`.'
)
OUTSIDE = "RuntimeError: Working outside of request context."
SAID: dict[str, Said] = {
    "mode_is_chosen/mode-without-quotes": (
        "While loading, your app raised ValueError: Invalid async_mode specified. The mode is the "
        "text 'threading', and `threading` without quotes is the module of that name.",
        'Put the name of the mode into quotes: `async_mode="threading"`.',
        "socketio = SocketIO(app, async_mode=threading)",
    ),
    "slow_holds_nobody_up/answer-under-another-name": (
        "Your app did not send the event 'slow_done'. It sent 'done' with {'data': 'Done!'}. The "
        "checker waited for 5.5 seconds.",
        'Listen for `slow`, wait, and call `emit("slow_done", …)` in the handler itself. Work '
        "outside of a handler needs `socketio.emit(…, to=sid)`.",
        "",
    ),
    "slow_holds_nobody_up/waits-in-a-busy-loop": (
        "While one client waited for `slow_done`, another client's `message` was answered after — "
        "seconds.",
        "In gevent mode all clients share one thread, and something in your app keeps it: a loop, "
        "a calculation, or a wait that does not give way. Wait with `socketio.sleep(2)`.",
        "",
    ),
    "slow_holds_nobody_up/async-def": (
        PREPARED.format("slow_done", "handle_slow"),
        PLAIN.format("handle_slow"),
        "async def handle_slow():",
    ),
    "slow_holds_nobody_up/emit-without-context": (
        f"`slow_done` did not come. {STOPPED}{OUTSIDE}",
        BACKGROUND.format("slow_done"),
        'emit("slow_done", {"data": "Done!"})',
    ),
    "slow_holds_nobody_up/handler-wants-a-payload": (
        "`slow` comes without a payload, and your function `handle_slow` insists on one. "
        f"{STOPPED}TypeError: handle_slow() missing 1 required positional argument: 'data'.",
        "Take the name of the payload out of the brackets after `def handle_slow`.",
        "def handle_slow(data):",
    ),
    "slow_holds_nobody_up/method-without-self": (
        f"`slow_done` did not come. {STOPPED}TypeError: Main.on_slow() takes 0 positional "
        "arguments but 1 was given.",
        "The method of a class takes the object as its first value: `def on_slow(self):`. A plain "
        "function for this event has empty brackets.",
        "def on_slow():",
    ),
    "slow_holds_nobody_up/milliseconds": (
        "`slow_done` did not come. The checker waited for 5.5 seconds, and your app waits with "
        "`socketio.sleep(2000)`.",
        SECONDS,
        "socketio.sleep(2000)",
    ),
    "slow_holds_nobody_up/name-misspelled": (
        f"`slow_done` did not come. {STOPPED}NameError: name 'tiem' is not defined.",
        YOUR_LINE,
        "tiem.sleep(2)",
    ),
    "slow_holds_nobody_up/namespace-emit-with-to": (
        f"`slow_done` did not come. {STOPPED}TypeError: Namespace.emit() got an unexpected keyword "
        "argument 'to'.",
        "The `emit` of a namespace class calls it `room=`: write `room=` in place of `to=`.",
        'self.emit("slow_done", {"data": "Done!"}, to=request.sid)',
    ),
    "ticks_come_one_by_one/async-task": (
        PREPARED.format("tick", "send_ticks"),
        PLAIN.format("send_ticks"),
        "async def send_ticks(sid):",
    ),
    "ticks_come_one_by_one/emit-without-context": (
        f"`tick` did not come. {STOPPED}{OUTSIDE}",
        BACKGROUND.format("tick"),
        'emit("tick", {"count": count})',
    ),
    "ticks_come_one_by_one/handler-wants-a-payload": (
        "`start_ticks` comes without a payload, and your function `handle_start_ticks` insists on "
        f"one. {STOPPED}TypeError: handle_start_ticks() missing 1 required positional argument: "
        "'data'.",
        "Take the name of the payload out of the brackets after `def handle_start_ticks`.",
        "def handle_start_ticks(data):",
    ),
    "ticks_come_one_by_one/milliseconds": (
        "`tick` did not come. The checker waited for 2.5 seconds, and your app waits with "
        "`socketio.sleep(300)`.",
        SECONDS,
        "socketio.sleep(300)",
    ),
    "ticks_come_one_by_one/no-handler": (
        "Your app did not send the event 'tick'. It sent nothing. The checker waited for 2.5 "
        "seconds.",
        "Listen for `start_ticks`, and let it start work that sends three `tick` events with "
        '`socketio.emit("tick", …, to=sid)`.',
        "",
    ),
    "ticks_come_one_by_one/sid-not-handed-over": (
        f"`tick` did not come. {STOPPED}TypeError: send_ticks() missing 1 required positional "
        "argument: 'sid'.",
        "Behind the function stand the values that it needs, one for each name in the brackets "
        f"after `def send_ticks`: `{TASK}`.",
        "socketio.start_background_task(send_ticks)",
    ),
    "ticks_come_one_by_one/sid-under-args": (
        f"`tick` did not come. {STOPPED}TypeError: send_ticks() got an unexpected keyword "
        "argument 'args'.",
        "Behind the function stand the values that it needs, one for each name in the brackets "
        f"after `def send_ticks`: `{TASK}`.",
        "socketio.start_background_task(send_ticks, args=(request.sid,))",
    ),
    "ticks_come_one_by_one/task-as-text": (
        f"`start_ticks` starts something that is no function. {STOPPED}TypeError: 'str' object is "
        "not callable.",
        f"Hand over the name of a function, without brackets, and its values after it: `{TASK}`.",
        "",
    ),
    "ticks_come_one_by_one/result-of-a-name": (
        BRACKETS.format("send_ticks(request.sid)") + f" {STOPPED}RecursionError: —",
        NAME_ALONE.format("send_ticks", TASK),
        "socketio.start_background_task(task)",
    ),
    "ticks_come_one_by_one/task-with-brackets": (
        BRACKETS.format("send_ticks(request.sid)") + f" {STOPPED}RecursionError: —",
        NAME_ALONE.format("send_ticks", TASK),
        "socketio.start_background_task(send_ticks(request.sid))",
    ),
    "ticks_come_one_by_one/task-with-brackets-eventlet": (
        BRACKETS.format("send_ticks(request.sid)")
        + f" {STOPPED}TypeError: 'NoneType' object is not callable.",
        NAME_ALONE.format("send_ticks", TASK),
        "socketio.start_background_task(send_ticks(request.sid))",
    ),
    "ticks_come_one_by_one/task-with-brackets-threading": (
        BRACKETS.format("send_ticks(request.sid)"),
        NAME_ALONE.format("send_ticks", TASK),
        "socketio.start_background_task(send_ticks(request.sid))",
    ),
    "ticks_come_one_by_one/thread-with-brackets": (
        BRACKETS.format("send_ticks(request.sid)"),
        NAME_ALONE.format("send_ticks", "Thread(target=send_ticks, args=(request.sid,))"),
        "threading.Thread(target=send_ticks(request.sid)).start()",
    ),
    "ticks_come_one_by_one/timer-with-brackets": (
        BRACKETS.format("send_tick(request.sid, count)"),
        NAME_ALONE.format("send_tick", "Timer(0.3, send_tick, [request.sid, count])"),
        "Timer(0.3 * count, send_tick(request.sid, count)).start()",
    ),
    "ticks_are_private/one-already-running": (
        "One client sent `start_ticks` and got its three ticks. Another one sent `start_ticks` "
        "meanwhile and got none.",
        "Start new work each time somebody asks. Look for a variable that all handlers share, such "
        "as a note that the work is running already.",
        TASK,
    ),
    "ticks_are_private/shared-counter": (
        "Two clients asked for ticks at the same time. The payload of tick 3 is {'count': 4}. The "
        "task asks for {'count': 3}.",
        "Each client's ticks count for themselves. Count in a variable of the function that sends "
        "them: one that stands outside belongs to all clients together.",
        "global count",
    ),
    "ticks_are_private/sid-of-the-last-to-connect": (
        "A client sent `start_ticks`, and its ticks went to another client, which had connected "
        "later.",
        "Send to the client that asked: read `request.sid` in the handler for `start_ticks`, and "
        "hand it to the task as an argument. A variable that all handlers share knows one client "
        "only.",
        'socketio.emit("tick", {"count": count}, to=sid)',
    ),
}
"""A mistake to message, help, and the line that is shown. What differs each time is a dash."""

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(stages: Pool, name: str) -> None:
    expect_said(LESSON, stages, name, SAID[name])


def test_a_patch_without_brackets_is_named(stages: Pool) -> None:
    mistake = variant_of(LESSON, "slow_holds_nobody_up/patch-without-brackets")
    result = first_failure(LESSON, mistake.files, stages)
    assert result is not None
    message = str(result.message)
    assert message.startswith("While one client waited for `slow_done`, another client's `message`")
    assert message.endswith("Nothing is patched: `monkey.patch_all` stands there without brackets.")
    assert result.help == "A name alone calls nothing. Write `monkey.patch_all()`."
    assert result.line == 3


def test_a_choice_that_is_no_text_leaves_the_mode_to_the_loaded_app(stages: Pool) -> None:
    app = LESSON.solution()["app.py"] + b"\nNOTES = {'async_mode': ['gevent', {}]}\n"
    assert first_failure(LESSON, {**LESSON.solution(), "app.py": app}, stages) is None
