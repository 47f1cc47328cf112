"""A pool for the tests of everything that runs a learner's code."""

import fcntl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.stage.pool import Pool


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """The strongest sandbox of this machine, with its warm processes."""
    with Pool.open() as opened:
        yield opened


@pytest.fixture(scope="session", params=["auto", "process"])
def any_pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """Each kind of sandbox in turn."""
    with Pool.open(request.param) as opened:
        yield opened


@pytest.fixture
def without_walls() -> Iterator[None]:
    """One test at a time on this machine: without walls, all apps ask for its port 5000."""
    with (Path(tempfile.gettempdir()) / "course-tests-without-walls.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True)
def in_turn(request: pytest.FixtureRequest) -> None:
    """Let a test of `any_pool` wait for others that have no walls either."""
    parameters = getattr(request.node, "callspec", None)
    if parameters is not None and parameters.params.get("any_pool") == "process":
        request.getfixturevalue("without_walls")


@pytest.fixture(scope="module")
def walled() -> Iterator[Pool]:
    """A pool behind namespaces."""
    with Pool.open("bubblewrap") as pool:
        yield pool
