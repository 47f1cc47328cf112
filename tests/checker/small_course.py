"""A course of two lessons whose checks read the source only: quick, and of known wording."""

import shutil
from pathlib import Path
from textwrap import dedent
from types import TracebackType

CHECKS = '''
from checker import App, check, expect


@check(task=1, points=1)
def says_hello(app: App) -> None:
    """The app says hello."""
    text = app.files["app.py"].decode()
    expect("hello" in text, f"Your app does not say hello: {text}", help="Write `hello`.", line=1)


@check(task=2, points=2, needs=says_hello)
def says_bye(app: App) -> None:
    """The app says bye."""
    text = app.files["app.py"].decode()
    expect("bye" in text, "Your app does not say bye.", help="Write `bye`.", expected="bye")


@check(task=2, points=1)
def is_short(app: App) -> None:
    """The app is short."""
    if "1 / 0" in app.files["app.py"].decode():
        raise ZeroDivisionError("a fault of the course")
    expect(len(app.files["app.py"]) < 200, "Your app is long.", help="Make it shorter.")
'''
STARTER = b"# say something\n"
SOLUTION = b"print('hello')\nprint('bye')\n"
SONG = b"print('hello')\nprint('song')\n"
"""The solution of the project's second stage, which asks for a song."""


def write_course(root: Path) -> Path:
    """Write the course to ``root`` and return it."""
    _write(root / "course.toml", 'title = "Small"\nsummary = "A small course."\nauthors = []')
    _write_lesson(root / "01-greet", "Greet")
    _write_lesson(root / "02-part", "Part again")
    return root


def write_project(root: Path) -> Path:
    """Add a project of two stages to the course at ``root`` and return its folder."""
    first, second = (root / "modes/project" / name for name in ("01-hum", "02-sing"))
    _write_lesson(first, "Hum")
    _write_lesson(second, "Sing")
    shutil.rmtree(second / "starter")
    _write(second / "checks.py", CHECKS.replace("bye", "song"))
    _write_bytes(second / "solution/app.py", SONG)
    return first.parent


def _write_lesson(folder: Path, title: str) -> None:
    _write(
        folder / "lesson.toml",
        f"""
        title = "{title}"
        summary = "Say something."
        level = "Foundation"
        minutes = 1
        teaches = []
        not_yet = []
        open_files = ["app.py"]
        """,
    )
    _write(folder / "lesson.md", "## Task 1: Say hello\n\nSay it.\n\n## Task 2: Say bye\n\nSay it.")
    _write(folder / "quiz.toml", "")
    _write(
        folder / "hints.md", "## 1\n\nIt is a word.\n\n---\n\nIt is *hello*.\n\n## 2\n\nThe end?"
    )
    _write(folder / "checks.py", CHECKS)
    _write_bytes(folder / "starter/app.py", STARTER)
    _write_bytes(folder / "starter/notes/read.txt", b"read me\n")
    _write_bytes(folder / "solution/app.py", SOLUTION)


def _write(path: Path, content: str) -> None:
    _write_bytes(path, dedent(content).strip().encode() + b"\n")


def _write_bytes(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


class NoPool:
    """Stands in for the sandbox where checks run none of the learner's code."""

    versions = {"python": "3.11", "flask": "3.1"}  # noqa: RUF012
    sandbox = "process"

    def expect_many(self, *kinds: str) -> None:
        """Nothing gets ready."""

    def __enter__(self) -> "NoPool":
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is to be closed."""
