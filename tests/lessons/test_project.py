"""The project names the cause: what a learner reads who built a stage with a hole in it."""

import pytest

from checker.lesson import load_course
from checker.run import Pool
from tests.lessons.said import Said, expect_said

STAGES = {stage.handle: stage for stage in load_course().stages}
REASON = "Send a dictionary with the key `reason` and a sentence for the visitor."
KEY = (
    "Ask whether `auth` is a dictionary, compare the whole key that it brings, and return False "
    "for any other."
)
DOOR = '@socketio.on("connect", namespace="/teacher")'
NOT_SENT = "Your app did not send the event '{}'. It sent {}."
SAID: dict[str, Said] = {
    "project/1 poll-for-everybody": (
        "A second visitor connected, and the first one got `poll` once more.",
        "Send `poll` to the one who connects, and to nobody else: a bare `emit` in the handler of "
        "`connect` does.",
        'emit("poll", {"question": question, "options": list(votes), "votes": votes}, '
        "broadcast=True)",
    ),
    "project/1 counted-in-silence": (
        "After votes that were refused, `votes` is —. The task asks for {'tea': 0, 'coffee': 0}.",
        "Leave the handler after refusing, so that nothing is counted.",
        'emit("refused", {"reason": "There is no such option."})',
    ),
    "project/1 part-of-an-option": (
        NOT_SENT.format("refused", "'results' with {'votes': {'tea': 1, 'coffee': 0}}"),
        "This vote was 'te'. Look first whether a vote is one of the options, whole. It may be "
        "text, a number, a list, or nothing at all.",
        "",
    ),
    "project/1 reason-left-empty": (
        "The payload of `refused` is {'reason': ''}.",
        REASON,
        'emit("refused", {"reason": ""})',
    ),
    "project/2 begins-like-an-option": (
        NOT_SENT.format("refused", "'results' with {'votes': {'tea': 0, 'coffee': 1}}"),
        "This vote was 'coffee —'. Look whether a vote is one of the room's options, whole, as in "
        "stage 1.",
        "",
    ),
    "project/2 reason-as-text": (
        "The payload of `refused` is 'Join a room first.'.",
        REASON,
        'emit("refused", reason)',
    ),
    "project/2 poll-to-the-whole-room": (
        "A second visitor joined a room, and the first one got `poll` once more.",
        "Answer `join` to the visitor who sent it, and to nobody else: a bare `emit` in the "
        "handler does.",
        'emit("poll", shown(room), to=f"class {room}")',
    ),
    "project/2 beginning-of-the-name": (
        "Nothing was to be sent here. Your app sent 'results' with —.",
        "Emit to the voter's room, not to all clients.",
        "",
    ),
    "project/2 joins-and-leaves-then": (
        NOT_SENT.format("results", "nothing"),
        "The visitor joined the same room once more. Leave the room of before first, and join "
        "then: the other way round, they end up in none.",
        "",
    ),
    "project/3 beginning-of-the-key": (
        "A client with {'key': 'chal'} as its `auth` was let in at `/teacher`.",
        KEY,
        DOOR,
    ),
    "project/3 key-anywhere-in-it": (
        "A client with {'key': 'chalk —'} as its `auth` was let in at `/teacher`.",
        KEY,
        DOOR,
    ),
    "project/3 votes-of-known-options-stay": (
        "After the same question was asked once more, `votes` is —: 1—. The task asks for —.",
        "Begin each question with no votes, also if its options are known from before.",
        "",
    ),
    "project/3 refused-and-counted": (
        "For who joins a room whose poll is closed, `votes` is —. The task asks for —.",
        "Look whether the poll is open first, and count then.",
        "",
    ),
    "project/3 opened-by-who-joins": (
        NOT_SENT.format("refused", "'results' with —"),
        "A poll stays closed until the next `ask`, whoever joins.",
        "",
    ),
    "project/3 closes-every-room": (
        NOT_SENT.format("results", "'refused' with {'reason': 'The poll is closed.'}"),
        "Close the poll of the room that the teacher names, no other.",
        "",
    ),
    "project/3 closed-for-everybody": (
        "Nothing was to be sent here. Your app sent 'closed' with "
        "{'votes': {'tea': 0, 'coffee': 0}}.",
        "Send `closed` to the room that the teacher names: `to=…`.",
        "",
    ),
    "project/4 moving-tells-nobody": (
        NOT_SENT.format("present", "nothing"),
        "Emit `present` to the room when somebody joins and when somebody leaves.",
        "",
    ),
    "project/4 last-tab-takes-the-place": (
        NOT_SENT.format("results", "'poll' with —, 'present' with {'count': 2}"),
        "Let each tab of a student be in the room.",
        "",
    ),
    "project/4 choices-of-known-options-stay": (
        "After a new question, `votes` and `mine` is [{—}, '—']. The task asks for "
        "[{—: 0, —: 0, —: 0}, None].",
        "Forget the choices of the old question when a new one is asked.",
        "",
    ),
    "project/4 votes-in-a-closed-poll": (
        NOT_SENT.format("refused", "'present' with {'count': 1}, 'results' with —"),
        "Look whether the poll is open, as in stage 3.",
        "",
    ),
    "project/4 close-was-lost": (
        NOT_SENT.format("closed", "'present' with {'count': 1}"),
        "Let `close` work as in stage 3.",
        "",
    ),
}


pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


@pytest.mark.parametrize("key", SAID)
def test_a_hole_in_a_stage_is_named(stages: Pool, key: str) -> None:
    handle, _, name = key.partition(" ")
    expect_said(STAGES[handle], stages, name, SAID[key])
