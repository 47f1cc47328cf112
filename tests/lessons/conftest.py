"""What the tests of the lessons share."""

from collections.abc import Iterator

import pytest

from checker.run import Pool


@pytest.fixture(scope="module")
def stages() -> Iterator[Pool]:
    """Stages for all submissions of one file of tests."""
    with Pool.open() as pool:
        yield pool
