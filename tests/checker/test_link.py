"""What a stage answers is read against the shape that is expected."""

from typing import cast

import pytest

from checker.check import Crash
from checker.link import Link, Watch
from checker.stage.process import Stage


def raised(file: object, line: object) -> Crash:
    """Read what an app raised at one place."""
    answer = {"type": "KeyError", "text": "x", "frames": [{"file": file, "line": line}]}
    return Link(cast(Stage, None), Watch())._raised("answering", answer)


def test_the_line_of_a_frame_is_told() -> None:
    assert raised("app.py", 3).line == 3
    assert raised("other.py", 3).message.endswith("The line is 3 of other.py.")


@pytest.mark.parametrize(
    "line",
    [10**1_200, 10**7, -(10**1_200), -1],
    ids=["huge", "large", "below", "under"],
)
def test_the_line_of_a_forged_frame_is_bounded(line: int) -> None:
    assert raised("app.py", line).line in {0, 9_999_999}
    assert len(raised("other.py", line).message) < 200


@pytest.mark.parametrize("line", [None, "3", 1.5])
def test_a_frame_without_a_line_was_forged(line: object) -> None:
    with pytest.raises(Crash, match="cannot be understood"):
        raised("app.py", line)
