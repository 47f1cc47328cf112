"""The Why mode: a value that can be asked for and told, within limits, and an honest count."""

from __future__ import annotations

import re
import threading
import time
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIO, SocketIOTestClient
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from tests.webapp.site import post, visitor
from webapp.limits import Limiter
from webapp.modes import why
from webapp.modes.silence import MOST_HELD, Silence
from webapp.modes.ticker import MOST_LINES_EACH, PERIODS, bytes_of, reading


@pytest.fixture
def reader(real_site: Flask) -> FlaskClient:
    """A new visitor of the real course; nobody's requests are counted against another."""
    ticker, _ = real_site.extensions[why.KEY]
    real_site.extensions[why.KEY] = (ticker, Limiter(1000, 1000))
    return visitor(real_site)


def line(site: Flask, reader: FlaskClient, every: object = 20.0) -> SocketIOTestClient:
    socketio = cast("SocketIO", site.extensions["socketio"])
    return socketio.test_client(
        site, namespace="/why", auth={"every": every}, flask_test_client=reader
    )


def heard(client: SocketIOTestClient, event: str) -> list[dict[str, Any]]:
    """Wait for an event, and return what it said each time."""
    for _ in range(400):
        found = [item["args"][0] for item in client.get_received("/why") if item["name"] == event]
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"{event} never came")


def test_the_value_depends_on_the_clock_alone() -> None:
    assert reading(2.0, 11.9) == {"n": 5, "value": 5 * 7919 % 1000, "at": 10.0, "now": 11.9}
    assert reading(2.0, 12.0)["n"] == 6


def test_a_question_is_answered_with_the_value(reader: FlaskClient) -> None:
    answer = reader.get("/why/value?every=20")
    assert answer.json is not None
    assert answer.json.keys() == {"n", "value", "at", "now"}
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert int(answer.headers["Asked-Bytes"]) > 40


def test_what_is_known_is_not_sent_again(reader: FlaskClient) -> None:
    for _ in range(3):  # the value may change between the two questions
        tag = reader.get("/why/value?every=20").headers["ETag"]
        answer = reader.get("/why/value?every=20", headers={"If-None-Match": tag})
        if answer.status_code == 304:
            break
    assert answer.status_code == 304
    assert answer.data == b""
    assert int(answer.headers["Asked-Bytes"]) > 40


def test_an_answer_may_be_kept(reader: FlaskClient) -> None:
    answer = reader.get("/why/value?every=20&keep=1")
    assert answer.headers["Cache-Control"] == "private, max-age=5"


@pytest.mark.parametrize("every", ["", "?every=1", "?every=often", "?every=nan"])
def test_an_odd_question_is_told_what_there_is(reader: FlaskClient, every: str) -> None:
    answer = reader.get(f"/why/value{every}")
    assert answer.status_code == 400
    assert "The value changes every 0.5, 2.0, 5.0, 20.0 seconds." in answer.text


def test_a_flood_of_questions_is_stopped(real_site: Flask, reader: FlaskClient) -> None:
    ticker, _ = real_site.extensions[why.KEY]
    real_site.extensions[why.KEY] = (ticker, Limiter(0.001, 2))
    codes = [reader.get("/why/value?every=2").status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]
    assert "That was too much at once." in reader.get("/why/server").text


def test_the_server_says_what_it_holds(reader: FlaskClient) -> None:
    held = reader.get("/why/server").json
    assert held is not None
    assert held["connections"] >= 0
    assert held["threads"] >= 1


def test_the_bytes_of_a_head_are_counted() -> None:
    environ = EnvironBuilder("/why/value", query_string="every=2").get_environ()
    environ["REQUEST_URI"] = "/why/value?every=2"
    head = "GET /why/value?every=2 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert bytes_of(Request(environ)) == len(head)


def test_a_line_is_told_the_value_and_each_change(real_site: Flask, reader: FlaskClient) -> None:
    client = line(real_site, reader, PERIODS[0])
    (hello,) = heard(client, "hello")
    assert hello["asked"] > 40
    first, *_ = heard(client, "value")
    second, *_ = heard(client, "value")
    assert hello["n"] < first["n"] < second["n"]
    client.disconnect("/why")


@pytest.mark.parametrize("every", [None, 3, "2", [2.0]])
def test_a_line_must_say_how_often(real_site: Flask, reader: FlaskClient, every: object) -> None:
    assert not line(real_site, reader, every).is_connected("/why")


def test_a_line_needs_a_cookie(real_site: Flask) -> None:
    assert not line(real_site, real_site.test_client()).is_connected("/why")


def test_the_lines_of_one_reader_are_limited(real_site: Flask, reader: FlaskClient) -> None:
    lines = [line(real_site, reader) for _ in range(MOST_LINES_EACH + 1)]
    assert [each.is_connected("/why") for each in lines] == [True] * MOST_LINES_EACH + [False]
    other = line(real_site, visitor(real_site))
    assert other.is_connected("/why")
    for each in [*lines[:-1], other]:
        each.disconnect("/why")


def test_one_readers_lines_are_cut_and_nobody_elses(real_site: Flask) -> None:
    mine, other = visitor(real_site), visitor(real_site)
    lines = [line(real_site, mine), line(real_site, mine), line(real_site, other)]
    cut: list[str] = []
    sockets = {
        str(cast("Any", each).eio_sid): SimpleNamespace(
            closed=False, close=lambda each=each, **_: cut.append(cast("Any", each).eio_sid)
        )
        for each in lines
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real_site.extensions["socketio"].server.eio, "sockets", sockets)
        lines[0].emit("cut", namespace="/why")
    assert set(cut) == set(list(sockets)[:2])


def test_whoever_sends_something_is_disconnected(real_site: Flask, reader: FlaskClient) -> None:
    client = line(real_site, reader)
    client.emit("value", 1, namespace="/why")
    assert not client.is_connected("/why")


def test_the_page_reads_without_a_script(reader: FlaskClient) -> None:
    page = reader.get("/why/").text
    assert "Where asking wins" in page
    assert page.count("Speaks for asking.") == 3
    assert re.search(r"<tr><td>20 s</td><td>not</td><td>told</td><td>1</td>", page)
    assert "python -m tests.recorder.measure" in page


def test_a_question_of_the_page_is_answered_on_it(reader: FlaskClient) -> None:
    back = post(reader, "/answers/why/half-the-gap", choice=1)
    assert back.headers["Location"] == "/why/#q-half-the-gap"
    assert "A change is as likely to come soon" in reader.get("/why/").text


def test_a_course_without_the_text_has_no_such_page(site: Flask) -> None:
    assert visitor(site).get("/why/").status_code == 404


def test_the_proxy_keeps_what_speaks_of_one_connection(reader: FlaskClient) -> None:
    asks = {"Connection": "Upgrade", "Upgrade": "websocket"}
    opening = "/proxied/socket.io/?EIO=4&transport="
    line = reader.get(opening + "websocket", headers=asks)
    assert (line.status_code, line.text) == (400, '"Invalid websocket upgrade"')
    assert reader.get(opening + "polling", headers=asks).text.startswith('0{"sid"')
    assert reader.get("/proxied/why/value?every=20", headers=asks).status_code == 200


@pytest.mark.parametrize("path", ["/proxied/", "/proxied/why/", "/proxied/lessons/01-install/"])
def test_pages_have_one_address_each(reader: FlaskClient, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_a_silence_holds_up_what_is_told_and_delivers_it_after_that(
    real_site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticker, _ = real_site.extensions[why.KEY]
    monkeypatch.setattr(ticker, "silence", Silence(1.3))
    mine, other = visitor(real_site), visitor(real_site)
    hushed, free = line(real_site, mine, PERIODS[0]), line(real_site, other, PERIODS[0])
    before = heard(hushed, "value")[-1]["n"]
    hushed.emit("hush", namespace="/why")
    said = [reading["n"] for _ in range(2) for reading in heard(free, "value")]
    assert hushed.get_received("/why") == []
    late = heard(hushed, "value") + heard(hushed, "value") + heard(hushed, "value")
    numbers = [reading["n"] for reading in late]
    assert numbers == list(range(before + 1, before + 1 + len(numbers)))
    assert set(said) <= {*numbers, before}
    for each in (hushed, free):
        each.disconnect("/why")


def test_what_is_told_after_a_silence_overtakes_nothing_that_was_held_up(
    real_site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The silence may end between what is late and what is new."""
    ticker, _ = real_site.extensions[why.KEY]
    skipped: list[list[str]] = []
    told = SimpleNamespace(emit=lambda *_, skip_sid, **__: skipped.append(skip_sid))
    monkeypatch.setattr(ticker, "socketio", told)
    monkeypatch.setattr(ticker, "_lines", {"a": SimpleNamespace(learner=1, period=2.0)})
    monkeypatch.setattr(ticker, "_held", {"a": [{"n": 1}]})
    ticker._tell_all(2.0, {"n": 2})
    assert (skipped, ticker._held) == ([["a"]], {"a": [{"n": 1}, {"n": 2}]})


def test_hush_says_how_long_it_lasts(real_site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ticker, _ = real_site.extensions[why.KEY]
    monkeypatch.setattr(ticker, "silence", Silence(9.0))
    client = line(real_site, visitor(real_site))
    first, second = (client.emit("hush", namespace="/why", callback=True) for _ in range(2))
    assert first == pytest.approx(9.0, abs=0.5)
    assert second is not None
    assert second < first
    client.disconnect("/why")


def test_a_question_in_a_silence_waits_for_its_end(
    real_site: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticker, _ = real_site.extensions[why.KEY]
    monkeypatch.setattr(ticker, "silence", Silence(0.6))
    client = line(real_site, reader)
    client.emit("hush", namespace="/why")
    began = time.monotonic()
    assert visitor(real_site).get("/why/value?every=20").status_code == 200
    at_once = time.monotonic() - began
    assert reader.get("/why/value?every=20").status_code == 200
    assert at_once < 0.5 < time.monotonic() - began
    client.disconnect("/why")


def test_only_so_many_questions_wait() -> None:
    silence = Silence(60.0)
    silence.begin(1)
    waiting = [threading.Thread(target=silence.hold, args=(1,)) for _ in range(MOST_HELD)]
    for thread in waiting:
        thread.start()
    while silence._held[1] < MOST_HELD:
        time.sleep(0.01)
    assert not silence.hold(1)
    assert silence.hold(2)
    silence.close()
    for thread in waiting:
        thread.join(5)
        assert not thread.is_alive()


def test_who_asks_too_much_in_a_silence_is_told(
    real_site: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticker, _ = real_site.extensions[why.KEY]
    monkeypatch.setattr(ticker, "silence", SimpleNamespace(hold=lambda learner: False))
    client = line(real_site, reader)  # keeps the learner
    answer = reader.get("/why/value?every=20")
    assert answer.status_code == 503
    assert "Too many questions wait already." in answer.text
    client.disconnect("/why")
