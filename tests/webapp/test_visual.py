"""The Visual mode: recordings that tell the truth, told packet by packet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from checker.blockrun import start_problem
from checker.lesson import course_root
from checker.run import Pool
from tests.lessons.test_pages import UNWANTED, prose_only
from tests.webapp.site import visitor
from webapp.modes.drawing import draw
from webapp.modes.packets import read_body, read_bytes
from webapp.modes.scenario import Scenario, load_scenario, load_scenarios
from webapp.modes.telling import POLLING, WEBSOCKET, Seen, carrier, sentence

ROOT = course_root()
SCENARIOS = load_scenarios(ROOT)
TOLD_AT_LEAST = {
    "a polling handshake": ["0{", "40"],
    "the upgrade": ["2probe", "3probe", "5", "6"],
    "an event and its answer": ['42["message"', '42["response"'],
    "an acknowledgement": ["420", "430"],
    "a namespace": ["40/teacher,"],
    "bytes": ["451-"],
    "the heartbeat": ["2", "3"],
    "a refusal": ["44"],
}
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda it: it.slug)


@pytest.mark.parametrize("subject", TOLD_AT_LEAST)
def test_one_recording_shows_all_of_a_subject(subject: str) -> None:
    wanted = TOLD_AT_LEAST[subject]
    assert any(
        all(any(step.text.startswith(text) for step in each.steps) for text in wanted)
        for each in SCENARIOS
    )


def test_a_broadcast_reaches_everybody_and_a_room_its_members() -> None:
    heard = {
        slug: {step.page for step in named(slug).steps if step.direction == "in"}
        for slug in ("07-broadcast", "08-room")
    }
    assert heard == {"07-broadcast": {"Ada", "Bo", "Cy"}, "08-room": {"Ada", "Bo"}}


def test_the_lost_line_is_cut_tried_and_taken_up_again() -> None:
    kinds = [step.kind for step in named("12-lost-line").steps]
    assert kinds.index("cut") < kinds.index("failed") < kinds.index("mend") < kinds.index("request")


def named(slug: str) -> Scenario:
    return next(each for each in SCENARIOS if each.slug == slug)


@each_scenario
def test_each_step_is_told(scenario: Scenario) -> None:
    for step in scenario.steps:
        assert re.fullmatch(r"[A-Z`].*[.]", step.sentence, re.S), step
        assert "no packet" not in step.sentence
        assert step.title
    assert [step.at for step in scenario.steps] == sorted(step.at for step in scenario.steps)


@each_scenario
def test_the_voice_is_plain(scenario: Scenario) -> None:
    told = [scenario.title, scenario.summary, *(f"{s.sentence} {s.note}" for s in scenario.steps)]
    assert not UNWANTED.search(prose_only("\n".join(told)))


@each_scenario
def test_the_parts_of_a_packet_are_the_packet(scenario: Scenario) -> None:
    for step in scenario.steps:
        for packet in step.packets:
            assert "".join(part.text for part in packet.parts) == packet.text
            assert all(part.means for part in packet.telling)


@each_scenario
def test_the_drawing_has_a_row_for_each_step(scenario: Scenario) -> None:
    drawing = draw(scenario)
    rows = [arrow.y for arrow in drawing.arrows]
    assert rows == sorted(set(rows))
    assert len(rows) == len(scenario.steps)
    for arrow in drawing.arrows:
        ends = {lane.x for lane in drawing.lanes}
        assert arrow.x1 in ends | {0}
        assert arrow.y < drawing.height


@each_scenario
def test_a_recorded_app_runs_as_it_is_shown(scenario: Scenario, pool: Pool) -> None:
    program, script = scenario.program.encode(), scenario.script.encode()
    files = {"app.py": program, "templates/index.html": script}
    assert start_problem(files, pool) is None


def test_a_request_knows_its_answer() -> None:
    first = named("01-polling").steps
    opening = next(step for step in first if "transport=polling" in step.line)
    assert opening.answered_by is not None
    assert first[opening.answered_by - 1].text.startswith("0{")
    unanswered = [step for step in first if step.kind == "request" and not step.answered_by]
    assert [step.number for step in unanswered if "still waits" in step.sentence]


def test_a_note_that_fits_no_step_is_an_error(tmp_path: Path) -> None:
    source = ROOT / "modes/visual/04-event"
    for name in ("scenario.toml", "recording.json"):
        (tmp_path / name).write_text((source / name).read_text("utf-8"), "utf-8")
    with (tmp_path / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[note]]\non = "99"\ntext = "Never."\n')
    with pytest.raises(ValueError, match="No step of the recording fits the note on '99'"):
        load_scenario(ROOT, tmp_path)


@pytest.mark.parametrize(
    ("text", "direction", "told"),
    [
        ("2", "in", "whether the client is still there"),
        ("3", "out", "The page is there."),
        ("2probe", "out", "sends a test along the new line"),
        ("3probe", "in", "The test comes back"),
        ("5", "out", "changes over"),
        ("6", "in", "Left over from the change"),
        ('0{"sid":"x"}', "in", "opens a session"),
        ("40", "out", "asks to join the namespace `/`"),
        ('40{"word":"x"}', "out", "`auth` data"),
        ('40/a,{"sid":"x"}', "in", "of the namespace `/a`"),
        ("41/a,", "out", "leaves the namespace `/a`"),
        ('42["say","x"]', "in", "The page's listener of that name runs."),
        ('427["say","x"]', "out", "The number 7 asks for an acknowledgement."),
        ('437["x"]', "in", "under the number 7"),
        ('44{"message":"no"}', "in", "The handler refused."),
        ("hello", "out", "something that is no packet"),
    ],
)
def test_what_a_frame_says(text: str, direction: str, told: str) -> None:
    seen = Seen("frame", "The page", direction, packets=read_body(text))
    assert told in sentence(seen)
    assert carrier(seen) == WEBSOCKET


def test_what_a_poll_says() -> None:
    line = "GET /socket.io/?EIO=4&transport=polling&sid=a HTTP/1.1"
    answered = Seen("response", "The page", "in", "HTTP/1.1 200 OK", line, read_body("6"))
    assert "ends the waiting request" in sentence(answered)
    refused = Seen("response", "The page", "in", "HTTP/1.1 400 BAD REQUEST", line)
    assert sentence(refused) == "The server does not take this request."
    several = Seen(
        "request", "Bo", "out", line.replace("GET", "POST"), packets=read_body("40\x1e2")
    )
    assert sentence(several).startswith("Several packets in one request. Bo asks to join")
    assert carrier(several) == POLLING


def test_bytes_are_shown_as_hexadecimal() -> None:
    (packet,) = read_bytes(b"\x89PNG")
    assert packet.text == "89 50 4e 47"
    assert packet.kind == "attachment"


def test_the_list_names_every_recording(real_site: Flask) -> None:
    page = visitor(real_site).get("/visual/").text
    assert all(f'/visual/{each.slug}/"' in page for each in SCENARIOS)
    for said in (
        "How to read a packet",
        "4 = message: Engine.IO carries what follows for Socket.IO",
        "the event&#39;s name",
        "Two agreements lie in it, one inside the other.",
    ):
        assert said in page


def test_a_recording_is_a_list_without_a_script(real_site: Flask) -> None:
    page = visitor(real_site).get("/visual/02-upgrade/").text
    steps = re.findall(r'<li id="step-(\d+)"', page)
    assert steps == [str(step.number) for step in named("02-upgrade").steps]
    assert re.search(r'<code class="part p0">2</code><code class="part p1">probe</code>', page)
    assert "Recorded on" in page
    assert "socketio = SocketIO" in re.sub(r"<[^>]+>", "", page)
    assert not re.search(r"<[^>]+ style=", page)


def test_a_recording_that_is_not_there(real_site: Flask) -> None:
    assert visitor(real_site).get("/visual/99-nothing/").status_code == 404


def test_the_key_names_what_the_drawing_has(real_site: Flask) -> None:
    client = visitor(real_site)
    assert "no way through" in client.get("/visual/12-lost-line/").text
    assert "no way through" not in client.get("/visual/02-upgrade/").text


def test_a_course_without_recordings_says_so(site: Flask) -> None:
    assert "This course has no recordings yet." in visitor(site).get("/visual/").text
