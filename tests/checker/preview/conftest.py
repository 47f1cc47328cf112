"""Previews that are stopped when their test is over."""

from collections.abc import Iterator

import pytest

from checker.stage.pool import Pool
from tests.checker.preview.visited import Visit, Visited


@pytest.fixture
def visit(any_pool: Pool) -> Iterator[Visit]:
    made: list[Visited] = []

    def make(files: str | dict[str, str], **limits: float) -> Visited:
        made.append(Visited(any_pool, files, **limits))
        return made[-1]

    yield make
    for each in made:
        each.close()
