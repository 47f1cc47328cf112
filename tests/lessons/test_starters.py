"""What a learner finds in a file before the first line of their own."""

from pathlib import Path

import pytest

from checker.lesson import Lesson, load_course

ROOT = Path(__file__).parents[2]
COLUMNS = 62
"""What the editor shows of a line in a window of 1280 pixels, before it wraps."""
LESSONS = load_course(ROOT / "lessons").lessons


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_comments_of_a_starter_fit_the_editor(lesson: Lesson) -> None:
    lines = [
        line
        for name, data in lesson.starter().items()
        if not name.endswith(".html")
        for line in data.decode().splitlines()
    ]
    assert [line for line in lines if "#" in line and len(line) > COLUMNS] == []
