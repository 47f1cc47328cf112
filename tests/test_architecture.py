"""The house keeps its plan: imports point one way (DESIGN 2)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = (
    # 1: data, and the sandbox
    {
        *(
            "report",
            "events",
            "classroom",
            "coursefile",
            "coursepage",
            "quiz",
            "lesson",
            "stages",
            "submission",
            "quote",
            "blocks",
            "syntax",
            "stage",
        ),
        "likeness",
    },
    # 2: the language of checks, and what they read
    {
        *("blame", "check", "source", "explain", "formats", "handlers", "helptexts", "packets"),
        *("legible", "requirements", "routes", "visible"),
    },
    # 3: the learner's app as a check sees it
    {"link", "client", "page", "server", "load", "app", "preview", "loading", "polling", "hosted"},
    # 4: one submission
    {"run", "agenda", "judging"},
    # 5: many submissions; a lesson's promises; a learner's workspace
    {"audit", "blockrun", "grading", "grade", "workspace", "progress"},
    # 6: commands
    {"commands", "cli"},
)
LAZY = {("lesson", "check"), ("check", "app")}
"""For types, and for `Check` when a lesson's checks.py is run: nothing at import time."""
BESIDE = {
    "stores": set(),
    "bench": {"stores"},
    "yours": {"stores", "bench"},
    "reading": {"stores", "modes"},
    "modes": {"stores", "bench", "yours", "reading"},
}
"""For each room of the webapp: those it may import from. The modules at its door are shared."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def room(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def floor_of(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def webapp_files() -> list[Path]:
    return sorted(path for name in BESIDE for path in (ROOT / "webapp" / name).rglob("*.py"))


def check_files() -> list[Path]:
    """The checks of lessons and of the project, with what they import from beside them."""
    homes = {path.parent for path in (ROOT / "lessons").rglob("checks.py")}
    return sorted(path for home in homes for path in home.glob("*.py"))


def checker_files() -> list[Path]:
    files = sorted((ROOT / "checker").rglob("*.py"))
    return [file for file in files if "node_modules" not in file.parts]


@pytest.mark.parametrize("path", checker_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_checker_imports_downwards(path: Path) -> None:
    parts = path.relative_to(ROOT / "checker").with_suffix("").parts
    if parts == ("__init__",):
        return
    for name in imports(path):
        assert not name.startswith("webapp"), f"{path.name} imports {name}"
        if name.startswith("checker.") and (parts[0], room(name)) not in LAZY:
            assert floor_of(room(name)) <= floor_of(parts[0]), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", webapp_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_of_the_webapp_imports_from_those_beside_it(path: Path) -> None:
    here = path.relative_to(ROOT / "webapp").parts[0]
    names = [name for name in imports(path) if name.startswith("webapp.")]
    others = {room(name) for name in names} & BESIDE.keys() - {here}
    assert others <= BESIDE[here]


@pytest.mark.parametrize("path", sorted((ROOT / "checker/stage/inside").glob("*.py")))
def test_what_is_inside_imports_nothing_of_the_checker(path: Path) -> None:
    assert not [name for name in imports(path) if name.startswith(("checker", "webapp"))]


@pytest.mark.parametrize("path", check_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_checks_use_public_names_only(path: Path) -> None:
    ours = [name for name in imports(path) if name.startswith(("checker", "webapp"))]
    assert set(ours) <= {"checker"}


def test_the_top_level_is_fixed() -> None:
    expected = {
        *("lessons", "checker", "webapp", "tests", "pyproject.toml", "README.md"),
        *("CONTRIBUTING.md", "CHANGELOG.md", "uv.lock", "hatch_build.py"),
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    ignored = {"build", "dist", "test-results", "instance"}
    assert found - expected - ignored == set()
