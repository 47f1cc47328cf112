"""A course is data, read strictly: each broken promise is one sentence that says where."""

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.lesson import CourseError, LessonNotFound, load_course
from checker.quote import QuoteError, expand
from tests.checker.small_course import write_course, write_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small course on disk."""
    return write_course(tmp_path)


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text()))


def test_lessons_are_in_the_order_of_their_numbers(root: Path) -> None:
    course = load_course(root)
    assert [lesson.slug for lesson in course.lessons] == ["01-greet", "02-part"]
    assert [check.name for check in course.lessons[0].checks()] == [
        "says_hello",
        "says_bye",
        "is_short",
    ]
    assert [task.title for task in course.lessons[0].tasks] == ["Say hello", "Say bye"]
    assert course.lessons[0].hints[1] == ("It is a word.", "It is *hello*.")


@pytest.mark.parametrize("name", ["2", "02", "02-part"])
def test_a_lesson_has_three_names(root: Path, name: str) -> None:
    assert load_course(root).find(name).number == 2


def test_another_name_is_told_with_the_nearest(root: Path) -> None:
    with pytest.raises(LessonNotFound) as caught:
        load_course(root).find("02-prat")
    assert str(caught.value) == (
        "There is no lesson '02-prat'; the lessons are 1, 2. Did you mean 02-part?"
    )


@pytest.mark.parametrize("name", ["project/2", "project/02", "project/02-sing"])
def test_a_stage_of_the_project_has_three_names(root: Path, name: str) -> None:
    write_project(root)
    course = load_course(root)
    assert course.find(name) is course.stages[1]
    assert course.stages[1] not in course.lessons


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("project", ""),
        ("project/", ""),
        ("project/9", ""),
        ("project/20", ""),
        ("project/sing", " Did you mean project/02-sing?"),
        ("project/01-ham", " Did you mean project/01-hum?"),
    ],
)
def test_another_name_of_a_stage_is_told_with_all(root: Path, name: str, near: str) -> None:
    write_project(root)
    with pytest.raises(LessonNotFound) as caught:
        load_course(root).find(name)
    assert str(caught.value) == (
        f"There is no lesson '{name}'; the lessons are 1, 2, and the stages of the project "
        f"project/1, project/2.{near}"
    )


@pytest.mark.parametrize("name", ["9", "hum", "01-hum"])
def test_a_name_without_project_is_none_of_a_stage(root: Path, name: str) -> None:
    write_project(root)
    with pytest.raises(LessonNotFound, match=f"^There is no lesson '{name}'; the lessons are 1, 2"):
        load_course(root).find(name)


def test_a_course_without_a_project_knows_no_stage(root: Path) -> None:
    course = load_course(root)
    assert course.stages == ()
    with pytest.raises(LessonNotFound) as caught:
        course.find("project/1")
    assert str(caught.value) == "There is no lesson 'project/1'; the lessons are 1, 2."


def test_lessons_and_stages_are_named_in_headings_and_commands(root: Path) -> None:
    write_project(root)
    course = load_course(root)
    lesson, stage = course.lessons[1], course.stages[1]
    assert (lesson.label, lesson.handle, lesson.home) == ("Lesson 2", "2", "02-part")
    assert stage.label == "Stage 2 of the project"
    assert (stage.handle, stage.home) == ("project/2", "project")


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("lesson.toml", "title", "titel", "the key `titel` is not known. Did you mean `title`?"),
        ("lesson.toml", "minutes = 1", "", "the key `minutes` is missing."),
        ("lesson.toml", "Foundation", "Easy", "level is one of"),
        ("lesson.toml", "minutes = 1", "minutes = = 1", "01-greet/lesson.toml is not TOML"),
        ("lesson.md", "Task 2", "Task 3", "number the tasks 1, 2, 3"),
        ("lesson.md", "Say it.", "{{ quiz: nothing }}", "there is no question 'nothing'"),
        (
            "lesson.md",
            "Say it.",
            '```python from="solution/app.py" part="nobody"\n```',
            "01-greet/lesson.md: app.py has no part called 'nobody'.",
        ),
    ],
)
def test_a_broken_lesson_says_what_and_where(
    root: Path, file: str, old: str, new: str, sentence: str
) -> None:
    edit(root / "01-greet" / file, lambda text: text.replace(old, new, 1))
    with pytest.raises(CourseError) as caught:
        load_course(root)
    assert sentence in str(caught.value)


def test_a_check_for_an_unknown_task_is_told(root: Path) -> None:
    edit(root / "01-greet/checks.py", lambda text: text.replace("task=2", "task=9", 1))
    with pytest.raises(CourseError, match=r"names task 9, which lesson.md does not have"):
        load_course(root).lessons[0].checks()


def test_checks_may_import_what_stands_beside_them(root: Path) -> None:
    greet = root / "01-greet"
    (greet / "causes.py").write_text("TASK = 1\n")
    edit(greet / "checks.py", lambda text: f"from .causes import TASK\n{text}")
    edit(greet / "checks.py", lambda text: text.replace("task=1", "task=TASK"))
    assert load_course(root).lessons[0].checks()[0].task == 1
    (greet / "causes.py").write_text("TASK = 2  # edited\n")
    assert load_course(root).lessons[0].checks()[0].task == 2


def test_missing_checks_are_told(root: Path) -> None:
    (root / "01-greet/checks.py").rename(root / "01-greet/causes.py")
    with pytest.raises(CourseError, match=r"^01-greet/checks.py is missing\.$"):
        load_course(root).lessons[0].checks()


def test_a_variant_lies_over_the_solution_and_can_take_files_away(root: Path) -> None:
    folder = root / "01-greet/mistakes/says_hello/silent"
    folder.mkdir(parents=True)
    (folder / "app.py.absent").touch()
    (folder / "main.py").write_text("pass")
    (variant,) = load_course(root).lessons[0].mistakes()
    assert (variant.check, variant.name, dict(variant.files)) == (
        "says_hello",
        "silent",
        {"main.py": b"pass"},
    )


def test_a_missing_course_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LESSONS", str(tmp_path / "nowhere"))
    with pytest.raises(CourseError, match=r"No course was found .*nowhere"):
        load_course()


SCRIPT = """import os
from flask import Flask

app = Flask(__name__)
debug: bool = True


@app.route("/")
def index():
    return "x"


if __name__ == "__main__":
    app.run()
"""
PAGE = """<body>
  <p id="answer">-</p>
  <script>
    const socket = io();
  </script>
</body>
"""


@pytest.mark.parametrize(
    ("file", "part", "quoted"),
    [
        ("app.py", "index", '@app.route("/")\ndef index():\n    return "x"'),
        ("app.py", "app", "app = Flask(__name__)"),
        ("app.py", "debug", "debug: bool = True"),
        ("app.py", "imports", "import os\nfrom flask import Flask"),
        ("app.py", "__main__", 'if __name__ == "__main__":\n    app.run()'),
        ("app.py", "debug,app", "debug: bool = True\n\n\napp = Flask(__name__)"),
        ("index.html", "script", "<script>\n  const socket = io();\n</script>"),
        ("index.html", "#answer", '<p id="answer">-</p>'),
    ],
)
def test_prose_quotes_parts_of_files(tmp_path: Path, file: str, part: str, quoted: str) -> None:
    (tmp_path / "app.py").write_text(SCRIPT)
    (tmp_path / "index.html").write_text(PAGE)
    text = f'Before.\n\n```python from="{file}" part="{part}"\n```\n\nAfter.'
    assert expand(text, tmp_path) == (
        f'Before.\n\n```python quoted="{file}"\n{quoted}\n```\n\nAfter.'
    )


def test_a_quotation_of_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuoteError, match=r"there is no file gone\.py to quote"):
        expand('```python from="gone.py"\n```', tmp_path)
    (tmp_path / "app.py").write_text("x = 1\n")
    with pytest.raises(QuoteError, match="must be empty"):
        expand('```python from="app.py"\nx = 2\n```', tmp_path)
