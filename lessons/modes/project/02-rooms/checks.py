"""Stage 2: a visitor joins a room, and a vote concerns that room alone."""

from random import choice, randint
from typing import Any

from checker import App, Client, Event, check, expect, expect_equal, shown


@check(task=1)
def joining_brings_the_poll(app: App) -> None:
    """Whoever joins a room gets its `poll`."""
    room = app.nonce()
    first = joined(app, room)
    poll = poll_of(first)
    expect_equal(
        poll["votes"],
        dict.fromkeys(poll["options"], 0),
        what="In a new room, `votes`",
        help="Give each room a poll of its own, made when the first visitor joins.",
    )
    poll_of(joined(app, room))
    expect(
        all(event.name != "poll" for event in first.received()),
        "A second visitor joined a room, and the first one got `poll` once more.",
        help="Answer `join` to the visitor who sent it, and to nobody else: a bare `emit` in the "
        "handler does.",
        line=line_naming(app, "poll"),
    )


@check(task=2, points=2, needs=joining_brings_the_poll)
def the_room_sees_the_vote(app: App) -> None:
    """A vote is seen by everybody in the room, and by those who join it later."""
    room = app.nonce()
    voter, mate = joined(app, room), joined(app, room)
    votes = dict(poll_of(voter)["votes"])
    poll_of(mate)
    for client in (voter, mate):
        client.received()
    for _ in range(randint(2, 4)):
        option = choice(list(votes))
        votes[option] += 1
        voter.emit("vote", option)
        for client, who in ((voter, "the voter"), (mate, "another visitor in the room")):
            results = client.receive("results", help="Emit `results` to the room: `to=…`.")
            expect_equal(
                results.data,
                {"votes": votes},
                what=f"After a vote, what {who} gets with `results`",
                help="Send the key `votes` with the counts of that room.",
                line=line_naming(app, "results"),
            )
    expect_equal(
        poll_of(joined(app, room))["votes"],
        votes,
        what="For who joins the room later, `votes`",
        help="Keep a room's poll for as long as your app runs, and show it to whoever joins.",
    )


@check(task=2, points=2, needs=the_room_sees_the_vote)
def other_rooms_do_not(app: App) -> None:
    """A vote in one room changes nothing in another, and nobody there hears of it."""
    room = app.nonce()
    voter, other = joined(app, f"{room} {app.nonce()}"), joined(app, room)
    option = choice(poll_of(voter)["options"])
    votes = poll_of(other)["votes"]
    other.received()
    voter.emit("vote", option)
    other.expect_silence(help="Emit to the voter's room, not to all clients.")
    expect_equal(
        poll_of(joined(app, room))["votes"],
        votes,
        what="After a vote in another room, `votes`",
        help="Count in the poll of the voter's own room.",
    )


@check(task=3, needs=the_room_sees_the_vote)
def moving_leaves_the_first_room(app: App) -> None:
    """Whoever joins another room has left the first."""
    first, second = app.nonce(), app.nonce()
    mover, stays = joined(app, first), joined(app, first)
    option = choice(poll_of(stays)["options"])
    mover.received()
    mover.emit("join", {"room": second})
    poll_of(mover)
    mover.received()
    stays.emit("vote", option)
    mover.expect_silence(help="Leave the room that the visitor was in before joining another.")
    stays.received()
    mover.emit("vote", option)
    stays.expect_silence(help="Count a vote in the room that its voter joined last.")
    mover.emit("join", {"room": second})
    mover.received()
    mover.emit("vote", option)
    mover.receive(
        "results",
        help="The visitor joined the same room once more. Leave the room of before first, and join "
        "then: the other way round, they end up in none.",
    )


@check(task=3, needs=the_room_sees_the_vote)
def odd_votes_are_refused(app: App) -> None:
    """A vote without a room, or for no option, is answered with `refused`."""
    stranger = app.connect()
    mate = joined(app, app.nonce())
    options = poll_of(mate)["options"]
    stranger.received()
    stranger.emit("vote", choice(options))
    refused = stranger.receive(
        "refused", help="Somebody may vote before joining: find out whether you know their room."
    )
    expect_reason(app, refused)
    odd_votes: tuple[Any, ...] = ([app.nonce()], None)
    for odd in (*no_options(app, options), *odd_votes):
        mate.emit("vote", odd)
        mate.receive(
            "refused",
            help=f"This vote was {shown(odd, 60)}. Look whether a vote is one of the room's "
            "options, whole, as in stage 1.",
        )


def no_options(app: App, options: list[str]) -> list[str]:
    """Texts that are no option, although two of them have much in common with one."""
    part, more = min(options, key=len)[:-1], f"{max(options, key=len)} {app.nonce()}"
    return [text for text in (app.nonce(), part, more) if text not in options]


def expect_reason(app: App, refused: Event) -> None:
    """A `refused` must say why."""
    reason = refused.data.get("reason") if isinstance(refused.data, dict) else None
    expect(
        isinstance(reason, str) and reason.strip(),
        f"The payload of `refused` is {shown(refused.data)}.",
        help="Send a dictionary with the key `reason` and a sentence for the visitor.",
        line=line_naming(app, "refused"),
    )


def line_naming(app: App, event: str) -> int | None:
    """The first line of the script that holds the name of an event in quotes."""
    return app.source.line_of(f'"{event}"') or app.source.line_of(f"'{event}'")


def joined(app: App, room: str) -> Client:
    """Connect a client that joins a room."""
    client = app.connect()
    client.received()
    client.emit("join", {"room": room})
    return client


def poll_of(client: Client) -> dict[str, Any]:
    """Return the payload of the next `poll`, once its shape is sure."""
    poll = client.receive("poll", help="Answer `join` with `poll`, to the one who joins.").data
    fields = {"question", "options", "votes"}
    expect(
        isinstance(poll, dict) and fields <= poll.keys(),
        f"The payload of `poll` is {shown(poll)}.",
        help="Send a dictionary with the keys `question`, `options` and `votes`.",
    )
    assert isinstance(poll, dict)
    return poll
