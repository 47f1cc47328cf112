"""Stage 3: a namespace that only the teacher can enter, from which a room is asked."""

from contextlib import suppress
from random import choice, randint
from typing import Any

from checker import App, Client, Failure, check, expect, expect_equal, line_in_entry, shown

KEY = "chalk"


@check(task=1, points=2)
def only_the_key_opens(app: App) -> None:
    """`/teacher` lets in who brings the key, and nobody else."""
    app.connect(
        "/teacher",
        auth={"key": KEY},
        help="Write a `connect` handler for the namespace `/teacher`, and let it return False "
        "only when the key is another one.",
    )
    for auth in strangers(app):
        expect(
            not is_let_in(app, auth),
            f"A client with {shown(auth)} as its `auth` was let in at `/teacher`.",
            help="Ask whether `auth` is a dictionary, compare the whole key that it brings, and "
            "return False for any other.",
            line=line_in_entry(app.source, "connect"),
        )


@check(task=1, needs=only_the_key_opens)
def students_need_no_key(app: App) -> None:
    """Students join and vote as before, without a key."""
    room = app.nonce()
    student, mate = joined(app, room), joined(app, room)
    option = choice(poll_of(student)["options"])
    student.emit("vote", option)
    mate.receive("results", help="Ask for the key in the namespace `/teacher` alone.")


@check(task=2, points=2, needs=only_the_key_opens)
def teacher_asks_the_room(app: App) -> None:
    """After `ask`, everybody in that room gets the new `poll`, and can vote in it."""
    room = app.nonce()
    student, other = joined(app, room), joined(app, app.nonce())
    for client in (student, other):
        poll_of(client)
        client.received()
    desk = teacher(app)
    asked = ask(app, desk, room)
    poll = poll_of(student, help='Emit `poll` to the room of the students: `namespace="/"`.')
    expect_equal(
        {name: poll[name] for name in ("question", "options", "votes")},
        {**asked, "votes": dict.fromkeys(asked["options"], 0)},
        what="After `ask`, the `poll` of the room",
        help="Make a new poll of the question and the options, with no votes.",
    )
    other.expect_silence(help="Ask the room that the teacher names, and no other.")
    option = choice(asked["options"])
    student.emit("vote", option)
    results = student.receive("results", help="Let votes count in the new poll of the room.").data
    expect_equal(
        results,
        {"votes": {**dict.fromkeys(asked["options"], 0), option: 1}},
        what="After a vote in the new poll, the payload of `results`",
        help="Put the new poll in the place of the room's old one.",
    )
    desk.emit("ask", {"room": room, **asked})
    expect_equal(
        poll_of(student)["votes"],
        dict.fromkeys(asked["options"], 0),
        what="After the same question was asked once more, `votes`",
        help="Begin each question with no votes, also if its options are known from before.",
    )


@check(task=2, needs=teacher_asks_the_room)
def students_cannot_ask(app: App) -> None:
    """An `ask` from a student changes nothing."""
    room = app.nonce()
    student, mate = joined(app, room), joined(app, room)
    poll_of(mate)
    before = poll_of(student)
    mate.received()
    with suppress(Failure):
        student.emit("ask", {"room": room, "question": app.nonce(), "options": ["x", "y"]})
    mate.expect_silence(help="Handle `ask` in the namespace `/teacher` only.")
    expect_equal(
        poll_of(joined(app, room))["question"],
        before["question"],
        what="After a student has sent `ask`, the question",
        help="Let nothing but the namespace `/teacher` change a poll.",
    )


@check(task=3, points=2, needs=teacher_asks_the_room)
def closed_poll_takes_no_votes(app: App) -> None:
    """After `close` the room gets `closed` with the votes, and further votes are refused."""
    room = app.nonce()
    voter, desk = joined(app, room), teacher(app)
    poll_of(voter)
    asked = ask(app, desk, room)
    poll_of(voter)
    votes: dict[str, Any] = dict.fromkeys(asked["options"], 0)
    for _ in range(randint(2, 4)):
        option = choice(asked["options"])
        votes[option] += 1
        voter.emit("vote", option)
    desk.emit("close", {"room": room})
    closed = voter.receive("closed", help='Emit `closed` to the students: `namespace="/"`.').data
    expect_equal(
        closed,
        {"votes": votes},
        what="The payload of `closed`",
        help="Send the key `votes` with the counts at the end.",
        line=line_naming(app, "closed"),
    )
    voter.received()
    voter.emit("vote", choice(asked["options"]))
    voter.receive(
        "refused", help="Write down that the poll is closed, and look before a vote is counted."
    )
    late = joined(app, room)
    expect_equal(
        poll_of(late)["votes"],
        votes,
        what="For who joins a room whose poll is closed, `votes`",
        help="Look whether the poll is open first, and count then.",
    )
    late.emit("vote", choice(asked["options"]))
    late.receive("refused", help="A poll stays closed until the next `ask`, whoever joins.")
    ask(app, desk, room)
    option = choice(poll_of(voter)["options"])
    voter.emit("vote", option)
    voter.receive("results", help="A new question opens the room again.")


@check(task=3, needs=closed_poll_takes_no_votes)
def other_rooms_stay_open(app: App) -> None:
    """Closing the poll of one room changes nothing in the others."""
    room = app.nonce()
    student, other = joined(app, room), joined(app, app.nonce())
    poll_of(student)
    option = choice(poll_of(other)["options"])
    other.received()
    teacher(app).emit("close", {"room": room})
    other.expect_silence(help="Send `closed` to the room that the teacher names: `to=…`.")
    other.emit("vote", option)
    other.receive("results", help="Close the poll of the room that the teacher names, no other.")


def strangers(app: App) -> tuple[Any, ...]:
    """What clients without the key may bring as their `auth`."""
    keys = (app.nonce(), None, KEY[:-1], f"{KEY} {app.nonce()}", KEY.upper())
    return (*({"key": key} for key in keys), {app.nonce(): KEY}, {}, KEY, [KEY], None)


def line_naming(app: App, event: str) -> int | None:
    """The first line of the script that holds the name of an event in quotes."""
    return app.source.line_of(f'"{event}"') or app.source.line_of(f"'{event}'")


def is_let_in(app: App, auth: Any) -> bool:
    """Whether a client with this ``auth`` is connected at `/teacher`; an error lets nobody in."""
    try:
        app.connect("/teacher", auth=auth)
    except Failure:
        return False
    return True


def teacher(app: App) -> Client:
    """Connect as the teacher."""
    return app.connect("/teacher", auth={"key": KEY})


def ask(app: App, desk: Client, room: str) -> dict[str, Any]:
    """Ask a room something new; return the question and the options."""
    options = [app.nonce("option ") for _ in range(randint(2, 4))]
    asked: dict[str, Any] = {"question": app.nonce("What about "), "options": options}
    desk.emit("ask", {"room": room, **asked})
    return asked


def joined(app: App, room: str) -> Client:
    """Connect a student who joins a room."""
    client = app.connect()
    client.received()
    client.emit("join", {"room": room})
    return client


def poll_of(client: Client, help: str = "Answer `join` with `poll`.") -> dict[str, Any]:
    """Return the payload of the next `poll`, once its shape is sure."""
    poll = client.receive("poll", help=help).data
    fields = {"question", "options", "votes"}
    expect(
        isinstance(poll, dict) and fields <= poll.keys(),
        f"The payload of `poll` is {shown(poll)}.",
        help="Send a dictionary with the keys `question`, `options` and `votes`.",
    )
    assert isinstance(poll, dict)
    return poll
