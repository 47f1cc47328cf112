"""Stage 4: students are known by a name of their own, and find everything as they left it."""

from random import choice
from typing import Any

from checker import App, Client, check, expect, expect_equal, shown


@check(task=1)
def poll_tells_my_vote(app: App) -> None:
    """The `poll` that answers `join` says in `mine` what this student has chosen."""
    room, me = app.nonce(), app.nonce()
    client = joined(app, room, me)
    poll = poll_of(client)
    expect_equal(
        poll["mine"],
        None,
        what="Before the first vote, `mine`",
        help="Send `None` until this student has voted.",
    )


@check(task=1, points=2, needs=poll_tells_my_vote)
def who_comes_back_finds_everything(app: App) -> None:
    """After a lost connection the student gets their vote and all counts back."""
    room, me = app.nonce(), app.nonce()
    client = joined(app, room, me)
    option = choice(poll_of(client)["options"])
    client.emit("vote", option)
    client.disconnect()
    poll = poll_of(joined(app, room, me))
    expect_equal(
        poll["mine"],
        option,
        what="After coming back, `mine`",
        help="Keep the vote under the student's name: `request.sid` is new after each connection.",
    )
    expect_equal(
        poll["votes"][option],
        1,
        what="After coming back, the count of the chosen option",
        help="Leave the vote where it is when a student disconnects.",
    )
    expect_equal(
        poll_of(joined(app, room, app.nonce()))["mine"],
        None,
        what="For another student, `mine`",
        help="Keep the vote of each student apart.",
    )


@check(task=2, points=2, needs=who_comes_back_finds_everything)
def one_vote_for_each_student(app: App) -> None:
    """A student has one vote: the newest, whichever connection it comes from."""
    room, me = app.nonce(), app.nonce()
    first, second = joined(app, room, me), joined(app, room, me)
    options = poll_of(first)["options"]
    poll_of(second)
    first.emit("vote", options[0])
    first.emit("vote", options[0])
    second.emit("vote", options[1])
    joined(app, room, app.nonce()).emit("vote", options[1])
    expected: dict[str, Any] = {**dict.fromkeys(options, 0), options[1]: 2}
    expect_equal(
        poll_of(joined(app, room, app.nonce()))["votes"],
        expected,
        what="One student voted three times and another once; `votes`",
        help="Keep one choice for each student, and count the choices when you send them.",
    )


@check(task=3, points=2, needs=poll_tells_my_vote)
def the_room_knows_who_is_here(app: App) -> None:
    """Whenever somebody comes or goes, the room gets `present` with how many are here."""
    room = app.nonce()
    first = joined(app, room, app.nonce())
    expect_present(first, 1, "the first student has joined")
    second = joined(app, room, app.nonce())
    joined(app, app.nonce(), app.nonce())
    expect_present(first, 2, "a second student has joined, and one in another room")
    second.disconnect()
    expect_present(first, 1, "the second student has disconnected")
    third = joined(app, room, name := app.nonce())
    expect_present(first, 2, "a third student has joined")
    third.emit("join", {"room": app.nonce(), "student": name})
    expect_present(first, 1, "the third student has joined another room")


@check(task=3, needs=the_room_knows_who_is_here)
def two_tabs_are_one_student(app: App) -> None:
    """A student with two tabs open is one student, until the last tab is closed."""
    room, me = app.nonce(), app.nonce()
    watcher = joined(app, room, app.nonce())
    options = poll_of(watcher)["options"]
    tabs = [joined(app, room, me), joined(app, room, me)]
    expect_present(watcher, 2, "one student has joined, and another one twice")
    watcher.emit("vote", choice(options))
    for tab in tabs:
        tab.receive("results", help="Let each tab of a student be in the room.")
    tabs[0].disconnect()
    watcher.received()
    third = joined(app, room, app.nonce())
    expect_present(watcher, 3, "one of two tabs was closed, and a third student has joined")
    third.disconnect()
    tabs[1].disconnect()
    expect_present(watcher, 1, "both tabs were closed, and the third student has left")


@check(task=3, needs=one_vote_for_each_student)
def the_teacher_still_asks(app: App) -> None:
    """A new question from the teacher takes the old votes away."""
    room, me = app.nonce(), app.nonce()
    client = joined(app, room, me)
    former = poll_of(client)["options"]
    client.emit("vote", choice(former))
    client.received()
    options = [*former, app.nonce()]
    asked: dict[str, Any] = {"room": room, "question": app.nonce(), "options": options}
    app.connect("/teacher", auth={"key": "chalk"}).emit("ask", asked)
    client.receive("poll", help="Let `ask` work as in stage 3.")
    poll = poll_of(joined(app, room, me))
    expect_equal(
        [poll["votes"], poll["mine"]],
        [dict.fromkeys(options, 0), None],
        what="After a new question, `votes` and `mine`",
        help="Forget the choices of the old question when a new one is asked.",
    )


@check(task=3, needs=one_vote_for_each_student)
def the_teacher_still_closes(app: App) -> None:
    """After `close` the votes of that room are refused, as in stage 3."""
    room = app.nonce()
    client = joined(app, room, app.nonce())
    option = choice(poll_of(client)["options"])
    app.connect("/teacher", auth={"key": "chalk"}).emit("close", {"room": room})
    client.receive("closed", help="Let `close` work as in stage 3.")
    client.emit("vote", option)
    client.receive("refused", help="Look whether the poll is open, as in stage 3.")


def expect_present(client: Client, count: int, when: str) -> None:
    """The newest `present` must say so many."""
    event = client.receive(
        "present", help="Emit `present` to the room when somebody joins and when somebody leaves."
    )
    later = [other for other in client.received() if other.name == "present"]
    expect_equal(
        (later or [event])[-1].data,
        {"count": count},
        what=f"After {when}, the payload of `present`",
        help="Count the students in that room who have a connection now, each of them once.",
    )


def joined(app: App, room: str, student: str) -> Client:
    """Connect a student who joins a room."""
    client = app.connect()
    client.received()
    client.emit("join", {"room": room, "student": student})
    return client


def poll_of(client: Client) -> dict[str, Any]:
    """Return the payload of the next `poll`, once its shape is sure."""
    poll = client.receive("poll", help="Answer `join` with `poll`.").data
    fields = {"question", "options", "votes", "mine"}
    expect(
        isinstance(poll, dict) and fields <= poll.keys(),
        f"The payload of `poll` is {shown(poll)}.",
        help="Send a dictionary with the keys `question`, `options`, `votes` and `mine`.",
    )
    assert isinstance(poll, dict)
    return poll
