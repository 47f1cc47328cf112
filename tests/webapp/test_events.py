"""The workbench's events, as two pages of one learner and pages of two see them."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.conftest import MakeSite
from tests.webapp.site import BYE, GREETING, HELLO, Wire, rooms_of, visitor
from webapp.bench.events import FLOOD
from webapp.files import seal


def app_py(opened: dict[str, dict[str, dict[str, str]]]) -> dict[str, str]:
    return opened["files"]["app.py"]


@pytest.fixture
def other(site: Flask, client: FlaskClient, wire: Wire) -> Iterator[Wire]:
    """A second page of the same learner."""
    opened = Wire(site, client)
    opened.open()
    yield opened
    if opened.raw.is_connected():
        opened.raw.disconnect()


def test_opening_a_lesson_gives_the_starter(wire: Wire) -> None:
    opened = wire.open()
    assert 'return "Hi"' in app_py(opened)["text"]
    assert (opened["run"], opened["last"], opened["passed"]) == (None, None, False)


def test_a_save_is_there_for_the_next_page(site: Flask, client: FlaskClient, wire: Wire) -> None:
    saved = wire.save("app.py", HELLO, app_py(wire.open())["seal"])
    assert saved == {"ok": True, "seal": seal(HELLO.encode()), "faults": []}
    wire.raw.disconnect()
    again = app_py(Wire(site, client).open())
    assert again == {"text": HELLO, "seal": saved["seal"], "faults": []}


def test_a_save_is_answered_with_the_faults_of_the_file(wire: Wire) -> None:
    text = HELLO + "\nhelo()\n"
    saved = wire.save("app.py", text, app_py(wire.open())["seal"])
    line = text.splitlines().index("helo()") + 1
    assert [fault["line"] for fault in saved["faults"]] == [line]
    assert saved["faults"] == wire.open()["files"]["app.py"]["faults"]


def test_a_save_is_shown_to_the_learners_other_pages_only(
    site: Flask, wire: Wire, other: Wire
) -> None:
    stranger = Wire(site, visitor(site))
    stranger.open()
    wire.save("app.py", HELLO, app_py(wire.open())["seal"])
    assert other.told("files")[-1]["files"]["app.py"]["text"] == HELLO
    assert wire.told("files") == []
    assert stranger.told("files") == []
    assert 'return "Hi"' in app_py(stranger.open())["text"]


def test_two_pages_that_save_over_each_other_lose_nothing(wire: Wire, other: Wire) -> None:
    begun = app_py(wire.open())["seal"]
    wire.save("app.py", "one", begun)
    refused = other.save("app.py", "two", begun)
    assert refused["conflict"]
    assert refused["theirs"] == {"text": "one", "seal": seal(b"one"), "faults": []}
    kept = other.ask("versions")["versions"]
    texts = [app_py(other.ask("version", id=each["id"]))["text"] for each in kept]
    assert {"one", "two"} <= set(texts)


def test_a_check_streams_its_results_one_by_one(wire: Wire) -> None:
    wire.open()
    events = wire.check()
    kinds = [event["kind"] for event in events]
    assert kinds == [
        "run_started",
        "check_started",
        "output",
        "check_finished",
        "check_started",
        "check_finished",
        "run_finished",
    ]
    first = events[3]["result"]
    assert (first["outcome"], first["observed"]) == ("failed", "Hi")
    assert events[2]["text"].strip() == "somebody asked"
    assert events[5]["result"]["outcome"] == "skipped"


def test_a_pass_is_told_and_kept(site: Flask, client: FlaskClient, wire: Wire) -> None:
    wire.save("app.py", HELLO + BYE, app_py(wire.open())["seal"])
    run = wire.ask("check")["run"]
    heard = _until(wire, "progress")
    assert heard[-1] == {"state": "done", "tasks": [1, 2]}
    time.sleep(0.1)
    again = Wire(site, client).open()
    assert again["passed"]
    assert again["run"]["id"] == run
    assert again["run"]["state"] == "finished"
    assert again["run"]["seal"] == again["seal"]


def test_after_a_restart_the_last_result_is_still_there(
    make_site: MakeSite, client: FlaskClient, wire: Wire
) -> None:
    wire.open()
    wire.check()
    restarted = make_site()
    cookie = client.get_cookie("learner")
    assert cookie is not None
    second = restarted.test_client()
    second.set_cookie("learner", cookie.value)
    opened = Wire(restarted, second).open()
    assert opened["run"] is None
    assert opened["last"]["result"]["status"] == "failed"
    assert opened["last"]["seal"] == opened["seal"]


def test_a_page_that_comes_back_in_mid_check_hears_the_rest(
    site: Flask, client: FlaskClient, wire: Wire
) -> None:
    slow = HELLO.replace("return", "import time; time.sleep(1.0); return")
    wire.save("app.py", slow, app_py(wire.open())["seal"])
    run = wire.ask("check")["run"]
    wire.raw.disconnect()
    back = Wire(site, client)
    opened = back.open()
    assert opened["run"]["id"] == run
    assert opened["run"]["state"] in ("waiting", "running")
    known = len(opened["run"]["events"])
    news = _until(back, "run", lambda each: each["event"]["kind"] == "run_finished")
    numbers = [each["number"] for each in news]
    assert numbers[numbers.index(known) if known in numbers else 0] == known
    assert numbers == sorted(numbers)
    assert news[-1]["event"]["result"]["checks"][0]["outcome"] == "passed"


def test_checking_again_cancels_the_check_that_runs(wire: Wire) -> None:
    slow = HELLO.replace("return", "import time; time.sleep(3); return")
    begun = time.monotonic()
    saved = wire.save("app.py", slow, app_py(wire.open())["seal"])["seal"]
    first = wire.ask("check")["run"]
    wire.save("app.py", HELLO + BYE, saved)
    events = wire.check()
    assert events[-1]["result"]["status"] == "passed"
    assert first != wire.open()["run"]["id"]
    assert time.monotonic() - begun < 15


def test_a_check_can_be_stopped(wire: Wire) -> None:
    slow = HELLO.replace("return", "import time; time.sleep(5); return")
    wire.save("app.py", slow, app_py(wire.open())["seal"])
    wire.ask("check")
    assert wire.ask("stop")["ok"]
    assert wire.open()["run"] is None


def test_files_can_be_added_renamed_removed_and_reset(wire: Wire, other: Wire) -> None:
    wire.open()
    assert wire.save("chat.py", "x = 1\n", None)["ok"]
    assert "rooms.py" in wire.ask("rename", name="chat.py", new="rooms.py")["files"]
    assert "rooms.py" in other.told("files")[-1]["files"]
    assert wire.ask("remove", name="rooms.py")["files"].keys() == {"app.py"}
    wire.save("app.py", HELLO, app_py(wire.open())["seal"])
    assert 'return "Hi"' in app_py(wire.ask("reset"))["text"]
    newest = wire.ask("versions")["versions"][0]
    assert newest["reason"] == "reset"
    assert app_py(wire.ask("restore", id=newest["id"]))["text"] == HELLO


def test_the_solution_is_shown_when_asked_twice(wire: Wire) -> None:
    wire.open()
    assert wire.ask("solution") == {"ok": True, "ask_again": True}
    assert "/bye" in app_py(wire.ask("solution"))["text"]


def test_the_solution_is_shown_at_once_after_a_pass(wire: Wire) -> None:
    wire.save("app.py", HELLO + BYE, app_py(wire.open())["seal"])
    wire.check()
    assert "/bye" in app_py(wire.ask("solution"))["text"]


def test_what_is_no_text_is_named_but_not_shown(site: Flask, client: FlaskClient) -> None:
    rooms = rooms_of(site)
    cookie = client.get_cookie("learner")
    assert cookie is not None
    me = rooms.store.admit_learner(cookie.value)
    rooms.store.change_files(me, GREETING, {}, lambda files: {"a.png": b"\x89\0", "app.py": b"x"})
    opened = Wire(site, client).open()
    assert opened["binary"] == ["a.png"]
    assert list(opened["files"]) == ["app.py"]


@pytest.mark.parametrize(
    ("event", "message", "says"),
    [
        ("save", {"name": "../x.py", "text": "x", "base": None}, "letters"),
        ("save", {"name": "app.py", "text": "x" * 70_000, "base": None}, "larger than"),
        ("save", {"name": "app.py", "text": 5, "base": None}, "odd"),
        ("save", {"name": "app.py", "text": "x", "base": ["list"]}, "odd"),
        ("save", {"text": "x"}, "odd"),
        ("restore", {"id": 999}, "not kept"),
        ("restore", {"id": "1"}, "odd"),
        ("open", {"lesson": "99"}, "no lesson"),
        ("open", {"lesson": None}, "odd"),
    ],
)
def test_a_request_that_cannot_be_met_is_answered(
    wire: Wire, event: str, message: dict[str, object], says: str
) -> None:
    wire.open()
    answer = wire.ask(event, **message)
    assert not answer["ok"]
    assert says in answer["error"]
    assert wire.open()["ok"]


@pytest.mark.parametrize("message", [None, 5, "x", [1]])
def test_a_message_that_is_no_object_is_answered(wire: Wire, message: object) -> None:
    answer: Any = wire.raw.emit("open", message, callback=True)
    assert not answer["ok"]


def test_code_that_cannot_be_read_is_said_in_the_result(wire: Wire) -> None:
    wire.save("app.py", "def broken(:\n", app_py(wire.open())["seal"])
    result = wire.check()[-1]["result"]
    assert result["status"] == "error"
    assert "line 1" in result["message"]


def test_checks_have_a_pace(make_site: MakeSite) -> None:
    site = make_site(runs_per_minute=4)
    wire = Wire(site, visitor(site))
    wire.open()
    answers = [wire.ask("check") for _ in range(3)]
    assert [answer["ok"] for answer in answers] == [True, True, False]
    assert "check again in" in answers[2]["error"]
    neighbour = Wire(site, visitor(site))
    neighbour.open()
    assert neighbour.ask("check")["ok"]


def test_a_flood_is_slowed_then_cut_and_neighbours_do_not_notice(make_site: MakeSite) -> None:
    site = make_site(events_per_second=1)
    flood, neighbour = Wire(site, visitor(site)), Wire(site, visitor(site))
    answers = [flood.ask("versions") for _ in range(8)]
    assert answers[0]["ok"]
    assert "Too many" in answers[-1]["error"]
    assert neighbour.open()["ok"]
    for _ in range(FLOOD + 5):
        if not flood.raw.is_connected():
            break
        flood.ask("versions")
    assert not flood.raw.is_connected()
    assert neighbour.ask("versions")["ok"]


def test_a_learner_has_only_so_many_connections(make_site: MakeSite) -> None:
    site = make_site(connections=2)
    client = visitor(site)
    opened = [Wire(site, client) for _ in range(3)]
    assert [wire.raw.is_connected() for wire in opened] == [True, True, False]
    opened[0].raw.disconnect()
    assert Wire(site, client).raw.is_connected()
    assert Wire(site, visitor(site)).raw.is_connected()


def _until(wire: Wire, name: str, last: Callable[[Any], bool] = lambda _: True) -> list[Any]:
    """Collect what is told under ``name`` until the last one is ``last``'s."""
    heard: list[Any] = []
    for _ in range(1000):
        heard += wire.told(name)
        if heard and last(heard[-1]):
            return heard
        time.sleep(0.02)
    raise AssertionError(heard)
