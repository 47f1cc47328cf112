"""Warm processes and what they are forked from: those that died are replaced, and no other ends."""

import time
from collections.abc import Callable

import pytest

from checker.stage.ending import stop
from checker.stage.origin import Origin
from checker.stage.pool import Pool
from checker.stage.sandbox import SandboxError
from tests.checker.apps import ECHO, app_of


def test_a_warm_process_that_died_is_replaced(any_pool: Pool) -> None:
    with any_pool.lend() as lent, any_pool.lend() as neighbour:
        warm, other = lent.hold("app"), neighbour.hold("app")
        any_pool._origins["app"].end(warm.number)
        assert not warm.alive
        assert other.alive
    with app_of(any_pool, ECHO) as app:
        assert app.connect().call("message", "x") == "thanks"


def test_an_origin_that_died_is_replaced(any_pool: Pool) -> None:
    with any_pool.lend() as lent:
        warm = lent.hold("app")
        stop(any_pool._origins["app"]._process)
        until(lambda: not warm.alive)
    with app_of(any_pool, ECHO) as app:
        assert app.connect().call("message", "x") == "thanks"


def test_a_warm_process_is_ended_once(any_pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number may be another's then."""
    ended: list[int] = []
    monkeypatch.setattr(Origin, "end", lambda _, number: ended.append(number))
    with any_pool.lend() as lent:
        warm = lent.hold("app")
        warm.close()
        warm.close()
        assert ended == [warm.number]
    monkeypatch.undo()
    any_pool._origins["app"].end(warm.number)


def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_pool_that_expects_many_lends_the_same(any_pool: Pool) -> None:
    any_pool.expect_many("app", "script")
    for mode in ("threading", "eventlet"):
        with app_of(any_pool, ECHO.replace("threading", mode)) as app:
            assert app.connect().call("message", "x") == "thanks"


def test_a_closed_pool_starts_nothing_more() -> None:
    with Pool.open() as pool:
        pool.expect_many("app", "script", "green")
    assert pool._origins == {}
    with pytest.raises(SandboxError, match="The sandbox is closed"):
        pool.prepare("script")
