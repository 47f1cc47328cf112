"""The audit passes a lesson that keeps its promises, and names each promise that is broken."""

from pathlib import Path

import pytest

from checker.audit import audit_course
from checker.blocks import BlockError, blocks
from checker.lesson import load_course
from checker.stage.pool import Pool
from tests.checker.lesson_eight import write_lesson_eight


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one lesson, added by adding one folder."""
    text = 'title = "Eight"\nsummary = "One more."\nauthors = []\n'
    (tmp_path / "course.toml").write_text(text)
    write_lesson_eight(tmp_path)
    return tmp_path


def findings(root: Path, pool: Pool) -> list[str]:
    return [f"{item.where}: {item.sentence}" for item in audit_course(load_course(root), pool)]


def test_a_new_lesson_needs_nothing_but_its_folder(root: Path, pool: Pool) -> None:
    assert findings(root, pool) == []


SPOILED = {
    "solution": ("solution/app.py", "number + 1", "number", "08-ping/solution: It must pass, but"),
    "starter solved": (
        "starter/app.py",
        "    pass",
        '    emit("pong", number + 1)',
        "08-ping/starter: It passes all checks already",
    ),
    "starter broken": (
        "starter/app.py",
        "import Flask\n",
        "import Flaskk\n",
        "08-ping/starter: It must run as it stands, but",
    ),
    "open file": (
        "lesson.toml",
        '["app.py"]',
        '["main.py"]',
        "08-ping/starter: lesson.toml opens main.py, which is not there.",
    ),
    "mistake passes": (
        "mistakes/ping_is_answered/same/app.py",
        'emit("pong", number)',
        'emit("pong", number + 1)',
        "08-ping/mistakes/ping_is_answered/same: It passes; a check must catch it.",
    ),
    "mistake caught elsewhere": (
        "mistakes/page_greets/other/app.py",
        "number + 1",
        "number",
        "08-ping/mistakes/page_greets/other: ping_is_answered catches it first",
    ),
    "mistake is no app": (
        "mistakes/page_greets/other/app.py",
        "def index",
        "def (index",
        "08-ping/mistakes/page_greets/other: No check can run on it",
    ),
    "accepted": (
        "accepted/markup/app.py",
        "<p>Hello</p>",
        "<p>Bye</p>",
        "08-ping/accepted/markup: It must pass, but page_greets",
    ),
    "help never shown": (
        "mistakes/client_connects/refused/app.py",
        "return False",
        "nothing",
        "08-ping/checks.py: No mistake shows this help text: Let clients in",
    ),
    "broken check": (
        "checks.py",
        'app.get("/").text',
        'app.get("/").txt',
        "08-ping/solution: It must pass, but page_greets: The checker itself failed here",
    ),
    "code block": (
        "lesson.md",
        "print(1 + 1)",
        "print(1 + one)",
        "08-ping/lesson.md: The python block in line ",
    ),
    "output": ("lesson.md", "\n2\n", "\n3\n", "it does not say what is printed: '2'"),
    "failing block": ("lesson.md", "1 / 0", "1 / 1", "it must fail, and does not."),
    "other failure": ("lesson.md", "1 / 0", "one / 0", "it fails otherwise than told"),
    "prediction": (
        "quiz.toml",
        'text = "4"',
        'text = "5"',
        "08-ping/lesson.md: sum: the program prints '4', but the right choice says '5'.",
    ),
    "hints": (
        "hints.md",
        "---\n\nAdd one to it.\n\n## 2",
        "\n\n## 2",
        "08-ping/hints.md: Task 1 has 1 hints; two to four are needed.",
    ),
    "words": (
        "hints.md",
        "Think",
        "Zebras think",
        "08-ping/hints.md: It uses 'zebra', which is not taught yet.",
    ),
    "task without check": (
        "checks.py",
        "task=2",
        "task=1",
        "08-ping/checks.py: No check belongs to task 2.",
    ),
}


TOGETHER = (
    "solution",
    "broken check, task without check, code block",
    "starter broken, open file, mistake passes, mistake is no app, accepted, help never shown",
    "starter solved, mistake caught elsewhere, output, failing block, prediction, hints, words",
    "other failure",
)
"""Spoils that do not hide each other share one audit: it costs seconds."""


def test_every_spoil_is_tried() -> None:
    assert sorted(", ".join(TOGETHER).split(", ")) == sorted(SPOILED)


@pytest.mark.parametrize("names", TOGETHER)
def test_a_spoiled_lesson_is_named(root: Path, pool: Pool, names: str) -> None:
    spoils = [SPOILED[name] for name in names.split(", ")]
    for file, old, new, _ in spoils:
        path = root / "08-ping" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
    found = findings(root, pool)
    for _, _, _, sentence in spoils:
        assert any(sentence in line for line in found), (sentence, found)


def test_missing_variants_are_named(root: Path, pool: Pool) -> None:
    lesson = root / "08-ping"
    (lesson / "mistakes/client_connects/crash/app.py").unlink()
    (lesson / "mistakes/page_greets").rename(lesson / "mistakes/page_great")
    (lesson / "mistakes/page_great/lower").rename(root / "gone")
    (lesson / "accepted/names").rename(root / "gone-too")
    found = findings(root, pool)
    for sentence in (
        "08-ping/mistakes/client_connects/crash: It passes; a check must catch it.",
        "08-ping/mistakes: There are 7 mistakes; at least 8 are needed.",
        "08-ping/accepted: There are 4 accepted ways; at least 5 are needed.",
        "08-ping/mistakes: No mistake is filed under page_greets; "
        "a check that nothing fails proves nothing.",
        "08-ping/mistakes: There is no check called page_great.",
    ):
        assert sentence in found, found


@pytest.mark.parametrize(
    ("fence", "sentence"),
    [
        ("```python\nx\n```", "the python block in line 1 must say one of run, serve"),
        ("```python run serve\nx\n```", "must say one of"),
        ('```python fails="x\nx\n```', "has an unclosed quote"),
    ],
)
def test_an_odd_fence_is_named(fence: str, sentence: str) -> None:
    with pytest.raises(BlockError, match=sentence):
        blocks(fence)
