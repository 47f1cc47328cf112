"""A pool for the tests of everything that runs a learner's code."""

from collections.abc import Iterator

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


@pytest.fixture(scope="module")
def walled() -> Iterator[Pool]:
    """A pool behind namespaces."""
    with Pool.open("bubblewrap") as pool:
        yield pool
