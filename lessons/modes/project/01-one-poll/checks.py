"""Stage 1: every visitor sees the poll, every vote is seen by all, and odd votes are refused."""

from random import choice, randint
from typing import Any

from checker import App, Client, Event, Failure, check, expect, expect_equal, shown


@check(task=1)
def newcomer_gets_the_poll(app: App) -> None:
    """Whoever connects gets `poll` at once: the question, the options, and the votes."""
    first = app.connect()
    poll = poll_of(first)
    expect(
        isinstance(poll["question"], str) and poll["question"],
        f"The `question` of `poll` is {shown(poll['question'])}.",
        help="Send the question as text.",
        line=line_naming(app, "poll"),
    )
    expect_equal(
        poll["votes"],
        dict.fromkeys(poll["options"], 0),
        what="Before anybody has voted, `votes`",
        help="Send a dictionary with each option and how often it was chosen.",
        line=line_naming(app, "poll"),
    )
    poll_of(app.connect())
    expect(
        all(event.name != "poll" for event in first.received()),
        "A second visitor connected, and the first one got `poll` once more.",
        help="Send `poll` to the one who connects, and to nobody else: a bare `emit` in the "
        "handler of `connect` does.",
        line=line_naming(app, "poll"),
    )


@check(task=2, points=2, needs=newcomer_gets_the_poll)
def vote_is_counted(app: App) -> None:
    """A `vote` is counted, and answered with `results`."""
    voter = app.connect()
    votes = dict(poll_of(voter)["votes"])
    for _ in range(randint(3, 5)):
        option = choice(list(votes))
        votes[option] += 1
        voter.emit("vote", option)
        results = voter.receive(
            "results", help="Add one to the option's count, and emit `results` with the votes."
        )
        expect_equal(
            results.data,
            {"votes": votes},
            what=f"After a vote for {shown(option)}, the payload of `results`",
            help="Send the key `votes` with the counts of all options, this vote among them.",
            line=line_naming(app, "results"),
        )


@check(task=2, needs=vote_is_counted)
def everybody_sees_it(app: App) -> None:
    """Everybody who is connected gets the `results` of every vote."""
    voter, other = app.connect(), app.connect()
    option = choice(list(poll_of(voter)["votes"]))
    poll_of(other)
    voter.emit("vote", option)
    other.receive("results", help="Emit `results` to all clients: `broadcast=True`.")


@check(task=2, needs=vote_is_counted)
def newcomer_sees_earlier_votes(app: App) -> None:
    """Who comes later sees the votes that were given before."""
    voter = app.connect()
    votes = dict(poll_of(voter)["votes"])
    for _ in range(randint(2, 4)):
        option = choice(list(votes))
        votes[option] += 1
        voter.emit("vote", option)
    expect_equal(
        poll_of(app.connect())["votes"],
        votes,
        what="What a newcomer gets as `votes`",
        help="Count in one place for all visitors, and send those counts with `poll`.",
        line=line_naming(app, "poll"),
    )


@check(task=3, needs=vote_is_counted)
def odd_votes_are_refused(app: App) -> None:
    """A vote for something that is no option is answered with `refused`, and not counted."""
    voter, other = app.connect(), app.connect()
    poll = poll_of(voter)
    votes = poll["votes"]
    poll_of(other)
    odd_votes: tuple[Any, ...] = (7, None, [app.nonce()], {"option": app.nonce()})
    for odd in (*no_options(app, poll["options"]), *odd_votes):
        voter.emit("vote", odd)
        refused = voter.receive(
            "refused",
            help=f"This vote was {shown(odd, 60)}. Look first whether a vote is one of the "
            "options, whole. It may be text, a number, a list, or nothing at all.",
        )
        expect_reason(app, refused)
    other.expect_silence(help="Refuse the one who voted, and tell nobody else.")
    expect_equal(
        poll_of(app.connect())["votes"],
        votes,
        what="After votes that were refused, `votes`",
        help="Leave the handler after refusing, so that nothing is counted.",
        line=line_naming(app, "refused"),
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


def poll_of(client: Client) -> dict[str, Any]:
    """Return the payload of the newest `poll`, once its shape is sure."""
    event = newest(client, "poll")
    poll = event.data
    fields = {"question", "options", "votes"}
    expect(
        isinstance(poll, dict) and fields <= poll.keys(),
        f"The payload of `poll` is {shown(poll)}.",
        help="Send a dictionary with the keys `question`, `options` and `votes`.",
    )
    assert isinstance(poll, dict)
    options = poll["options"]
    expect(
        isinstance(options, list)
        and len(options) > 1
        and all(isinstance(option, str) for option in options),
        f"The `options` of `poll` are {shown(options)}.",
        help="Send the options as a list of two or more texts.",
    )
    return poll


def newest(client: Client, name: str) -> Event:
    """Return the newest event of this name; fail if there is none."""
    found = [event for event in client.received() if event.name == name]
    if not found:
        raise Failure(
            f"A client connected, and your app did not send it {name!r}.",
            help="Emit `poll` in the handler of `connect`.",
        )
    return found[-1]
