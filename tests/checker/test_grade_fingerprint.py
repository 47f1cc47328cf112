"""What is graded again after a change: all that the change can matter to, and nothing else."""

import shutil
from pathlib import Path

import pytest

import checker
from checker.grading import fingerprint
from tests.checker.fake_grading import make_course

PACKAGE = Path(checker.__file__).parent


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the checker's own files, which a test may change."""
    ignored = shutil.ignore_patterns("node_modules", "__pycache__", "dist", "_lessons")
    copy = tmp_path / "checker"
    shutil.copytree(PACKAGE, copy, ignore=ignored)
    monkeypatch.setattr(fingerprint, "__file__", str(copy / "grading" / "fingerprint.py"))
    return copy


@pytest.mark.parametrize(
    "name",
    ["run.py", "check.py", "app.py", "explain.py", "source.py", "report.py", "grading/marking.py"],
)
def test_what_forms_verdicts_counts(engine: Path, name: str) -> None:
    before = fingerprint.of_engine()
    with open(engine / name, "a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert fingerprint.of_engine() != before


def test_the_sandbox_counts(engine: Path) -> None:
    before = fingerprint.of_engine()
    for path in sorted((engine / "stage").rglob("*.py")):
        path.write_text(f"{path.read_text()}# changed\n")
        changed = fingerprint.of_engine()
        assert changed != before, path
        before = changed


@pytest.mark.parametrize(
    "name",
    [
        *("cli.py", "classroom.py", "grade.py", "audit.py", "commands/grading.py"),
        *("formats/html.py", "formats/lms.py", "formats/templates/index.js"),
        *("grading/alike.py", "grading/reports.py", "likeness/search.py"),
    ],
)
def test_what_only_shows_results_does_not(engine: Path, name: str) -> None:
    before = fingerprint.of_engine()
    with open(engine / name, "a", encoding="utf-8") as file:
        file.write("// changed\n" if name.endswith(".js") else "# changed\n")
    assert fingerprint.of_engine() == before


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("checks.py", True),
        ("expected.json", True),
        ("helpers/names.py", True),
        ("lesson.toml", True),
        ("lesson.md", False),
        ("hints.md", False),
        ("quiz.toml", False),
        ("starter/app.py", False),
        ("solution/app.py", False),
        ("mistakes/app_loads/x/app.py", False),
        ("accepted/x/app.py", False),
    ],
)
def test_what_counts_in_a_lesson(tmp_path: Path, file: str, counts: bool) -> None:
    lesson, other = make_course(tmp_path).lessons
    before = fingerprint.of_lesson(lesson), fingerprint.of_lesson(other)
    path = lesson.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{path.read_text() if path.exists() else ''}\n# changed\n")
    assert (fingerprint.of_lesson(lesson) != before[0]) == counts
    assert fingerprint.of_lesson(other) == before[1]


def test_a_hand_in_is_known_by_its_names_and_contents() -> None:
    files = {"app.py": b"x", "b/c.txt": b"y"}
    same = dict(reversed(files.items()))
    assert fingerprint.of_files(files) == fingerprint.of_files(same)
    for changed in ({**files, "app.py": b"z"}, {"app.py": b"x"}, {**files, "d": b""}):
        assert fingerprint.of_files(changed) != fingerprint.of_files(files)
