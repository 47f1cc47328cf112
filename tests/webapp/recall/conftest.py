"""The small course with the Recall mode, and a clock that tests set."""

from datetime import datetime

import pytest

from checker.lesson import Course, load_course
from tests.webapp.site import GREETING

NOON = datetime(2026, 3, 2, 12).timestamp()
FIRST, UNPLACED = (GREETING, "first"), (GREETING, "unplaced")
RIGHT, WRONG = 0, 1
MINUTE = 60.0


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def course(course: Course) -> Course:
    """The small course, with this mode in its bar."""
    with (course.root / "course.toml").open("a") as file:
        file.write('[[mode]]\nname = "Recall"\nslug = "recall"\nsummary = "Again."\n')
    return load_course(course.root)
