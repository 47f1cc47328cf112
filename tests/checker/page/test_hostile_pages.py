"""Pages that attack the engine: it stays within bounds, or ends; it never says what is not so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .driver import Engine, LearnerServer

pytestmark = pytest.mark.long

PAGE = "<!doctype html><body><p id=out></p><script>{}</script></body>"


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine(lifetime=30)
    yield engine
    engine.stop()


def open_page(engine: Engine, server: LearnerServer, script: str) -> dict[str, object]:
    server.put({"templates/index.html": PAGE.format(script)})
    return engine("open", url=server.url)


def test_endless_loop_is_reported(engine: Engine, shared_server: LearnerServer) -> None:
    assert open_page(engine, shared_server, "while (true) {}") == {"hung": True, "seconds": 4}


def test_flood_stays_within_bounds(engine: Engine, shared_server: LearnerServer) -> None:
    script = """
        for (let i = 0; i < 3000; i++) { console.log("x".repeat(10000)); alert("y".repeat(10000)); }
        document.body.append("z".repeat(3000000));
        setTimeout(() => { throw new Error("w".repeat(1000000)) });"""
    answer = open_page(engine, shared_server, script)
    state = answer["state"]
    assert isinstance(state, dict)
    assert len(state["console"]) == 200
    assert len(state["console"][0]["text"]) <= 2001
    assert len(state["text"]) == 20_000
    assert state["dropped"] > 0


@pytest.mark.parametrize(
    "script",
    [
        "alert.constructor('return process')().exit(0)",
        "setTimeout.constructor('return process')().exit(0)",
        "fetch.constructor('return process')().exit(0)",
        "Object.getPrototypeOf(async () => 0).constructor('return process')().exit(0)",
        "console.log({get a() { throw 1 }, toString() { throw 2 }})",
        "throw {get name() { throw 1 }, get message() { throw 2 }, get stack() { throw 3 }}",
        "Object.defineProperty(Object.prototype, 'ok', {value: false})",
        "Array.prototype.push = () => 0; JSON.stringify = () => '{}'; Date.now = () => 0",
        "window.io = new Proxy(function () {}, {get() { throw 1 }})",
        "document.body.remove(); delete window.document",
        "location.reload()",
        "window.close()",
        "document.open(); document.close()",
    ],
)
def test_engine_goes_on(engine: Engine, shared_server: LearnerServer, script: str) -> None:
    answer = open_page(engine, shared_server, script)
    assert answer["ok"] is True, answer
    again = engine("state")
    assert again["ok"] is True, again


def test_unknown_orders_and_conditions_are_our_faults(engine: Engine) -> None:
    assert engine("dance")["error"] == "There is no order dance."
    assert engine("state")["error"] == "No page is open."


def test_server_that_nobody_runs(engine: Engine) -> None:
    answer = engine("open", url="http://127.0.0.1:9/", within=1)
    assert answer["ok"] is True
    assert answer["state"]["page"]["error"]
